/** One build of the app: the same source gives the same bytes, wherever and whenever it runs. */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
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
  /** Folder in which compressed files are kept by what they hold: most of a build is the same as in the one before. */
  readonly keptFiles?: string;
}

export const APP_ROOT: string = join(import.meta.dirname, '..');

/** Files that are taken as they are. */
const ASIDE = ['mail-frame.html', 'public/icon.svg', 'public/manifest.webmanifest'];

const brotli = promisify(brotliCompress);

/** What is smaller gains nothing. */
const LEAST_COMPRESSED_BYTES = 512;

export async function buildApp(options: BuildAppOptions): Promise<void> {
  const { root = APP_ROOT, outFolder, isCompressed = true, keptFiles } = options;
  const { output } = (await build(viteOptions(root, outFolder))) as Rolldown.RolldownOutput;
  const page = join(outFolder, 'index.html');
  writeFileSync(page, nameHashes(readFileSync(page, 'utf8'), output, contentsOf(outFolder)));
  for (const name of ASIDE) copyFileSync(join(APP_ROOT, name), join(outFolder, basename(name)));
  await buildServiceWorker(outFolder);
  if (!isCompressed) return;
  const work = [...contentsOf(outFolder)].filter(([, bytes]) => bytes.length >= LEAST_COMPRESSED_BYTES);
  const used = new Set<string>();
  await Promise.all(
    work.map(async ([name, bytes]) => {
      const hash = createHash('sha256').update(bytes).digest('hex');
      used.add(hash);
      const compressed = await (keptFiles === undefined ? compress(bytes) : compressOnce(bytes, join(keptFiles, hash)));
      writeFileSync(join(outFolder, `${name}.br`), compressed);
    }),
  );
  if (keptFiles === undefined) return;
  for (const name of readdirSync(keptFiles)) if (!used.has(name)) rmSync(join(keptFiles, name), { force: true });
}

function compress(bytes: Uint8Array): Promise<Uint8Array> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotli(bytes, { params });
}

/** Two builds at once may both make it; the name is the hash of what was compressed. */
async function compressOnce(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  if (existsSync(path)) return readFileSync(path);
  const compressed = await compress(bytes);
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}-${process.pid}`;
  writeFileSync(aside, compressed);
  renameSync(aside, path);
  return compressed;
}
