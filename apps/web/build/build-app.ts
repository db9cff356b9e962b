/** One build of the app: the same source gives the same bytes, wherever and whenever it runs. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { buildServiceWorker } from './build-service-worker.ts';
import { contentsOf } from './contents-of.ts';
import { nameHashes } from './name-hashes.ts';
import { viteOptions } from './vite-options.ts';

export interface BuildAppOptions {
  /** Folder with `index.html`; default: the app's own. Tests build pages of theirs. */
  readonly root?: string;
  /** Emptied first. */
  readonly outFolder: string;
  /** Default: true. Tests that count no bytes do without. */
  readonly isCompressed?: boolean;
}

export const APP_ROOT: string = join(import.meta.dirname, '..');

/** Files that are taken as they are. */
const ASIDE = ['mail-frame.html', 'public/icon.svg', 'public/manifest.webmanifest'];

const brotli = promisify(brotliCompress);

/** What is smaller gains nothing. */
const LEAST_COMPRESSED_BYTES = 512;

export async function buildApp({ root = APP_ROOT, outFolder, isCompressed = true }: BuildAppOptions): Promise<void> {
  const { output } = (await build(viteOptions(root, outFolder))) as Rolldown.RolldownOutput;
  const page = join(outFolder, 'index.html');
  writeFileSync(page, nameHashes(readFileSync(page, 'utf8'), output, contentsOf(outFolder)));
  for (const name of ASIDE) copyFileSync(join(APP_ROOT, name), join(outFolder, basename(name)));
  await buildServiceWorker(outFolder);
  if (!isCompressed) return;
  await Promise.all([...contentsOf(outFolder)].map(([name, bytes]) => compress(join(outFolder, name), bytes)));
}

async function compress(path: string, bytes: Uint8Array): Promise<void> {
  if (bytes.length < LEAST_COMPRESSED_BYTES) return;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  writeFileSync(`${path}.br`, await brotli(bytes, { params }));
}
