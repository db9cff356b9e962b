import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { build } from 'vite';
import type { Shell } from '../src/service-worker/shell.ts';
import { APP_PATH } from './app-path.ts';
import { contentsOf } from './contents-of.ts';

const ENTRY = join(import.meta.dirname, '../src/service-worker/service-worker.ts');

/** Larger ones are for some: another engine, a login, the words that a password must not be. */
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
  for (const [name, bytes] of contents) {
    const path = name === 'index.html' ? APP_PATH : `${APP_PATH}${name}`;
    files[path] = `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
    if (bytes.length > MOST_AT_ONCE_BYTES && !name.includes('crypto-worker')) later.push(path);
  }
  const build = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  return { build, files, later, page: APP_PATH };
}
