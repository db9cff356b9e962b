import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { build } from 'vite';
import type { Shell } from '../src/service-worker/shell.ts';
import { APP_PATH } from './app-path.ts';
import { contentsOf } from './contents-of.ts';

const ENTRY = join(import.meta.dirname, '../src/service-worker/service-worker.ts');

/** Larger ones are for some: a login, the words that a password must not be. */
const MOST_AT_ONCE_BYTES = 100_000;

/** After everything else: it names all other files of the build by their hashes. */
export async function buildServiceWorker(outFolder: string): Promise<void> {
  await build({
    configFile: false,
    envFile: false,
    publicDir: false,
    logLevel: 'error',
    define: { LATCHKEY_SHELL: JSON.stringify(shellOf(contentsOf(outFolder))) },
    build: {
      outDir: outFolder,
      emptyOutDir: false,
      target: ['chrome130', 'firefox128', 'safari18'],
      lib: { entry: ENTRY, formats: ['iife'], name: 'latchkeyServiceWorker', fileName: () => 'service-worker.js' },
      reportCompressedSize: false,
    },
  });
}

function shellOf(contents: ReadonlyMap<string, Uint8Array>): Shell {
  const files: Record<string, string> = {};
  const later: string[] = [];
  const opening = neededToOpen(contents);
  for (const [name, bytes] of contents) {
    const path = name === 'index.html' ? APP_PATH : `${APP_PATH}${name}`;
    files[path] = `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
    if (bytes.length > MOST_AT_ONCE_BYTES && !opening.has(name)) later.push(path);
  }
  const build = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  return { build, files, later, page: APP_PATH };
}

/**
 * What the page names at its top, the crypto worker, and what that loads by itself: without them the app does not open
 * where there is no network.
 */
function neededToOpen(contents: ReadonlyMap<string, Uint8Array>): ReadonlySet<string> {
  const names = [...contents.keys()];
  const page = Buffer.from(contents.get('index.html') ?? []).toString();
  const ofPage = names.filter((name) => page.includes(`="${APP_PATH}${name}"`));
  const workers = names.filter((name) => name.includes('crypto-worker'));
  const texts = workers.map((name) => Buffer.from(contents.get(name) ?? []).toString('latin1'));
  // A login needs the server anyway.
  const loaded = names.filter(
    (name) => !name.includes('login-worker') && texts.some((text) => text.includes(basename(name))),
  );
  return new Set([...ofPage, ...workers, ...loaded]);
}
