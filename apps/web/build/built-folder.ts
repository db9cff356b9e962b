/** The built app, made once for each state of its source and kept inside this clone. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { BuildAppOptions } from './build-app.ts';

const repository = join(import.meta.dirname, '../../..');
const kept = join(repository, '.build/web');

/** All that a build is made of: our rooms, and everybody else's by the lock file. */
const sources = [
  'apps/web/build',
  'apps/web/index.html',
  'apps/web/mail-frame.html',
  'apps/web/public',
  'apps/web/src',
  'package-lock.json',
  ...['crypto', 'host-web', 'key-directory', 'mime', 'protocol', 'sdk', 'tlog'].map((room) => `packages/${room}/src`),
];

export interface BuiltFolder {
  readonly folder: string;
  /** Whether it had to be made just now. */
  readonly isNew: boolean;
}

/** Needs no network. A build that is cut short leaves nothing under the final name. */
export function builtFolder(): Promise<BuiltFolder> {
  return keep('', { keptFiles: join(kept, '../web-brotli') });
}

/** A page of the tests instead of the app's own: `page` is its folder in `apps/web/test`. Never compressed. */
export function builtTestPage(page: string): Promise<BuiltFolder> {
  return keep(`-${page}`, { root: join(repository, 'apps/web/test', page), isCompressed: false });
}

async function keep(suffix: string, options: Omit<BuildAppOptions, 'outFolder'>): Promise<BuiltFolder> {
  const own = options.root === undefined ? [] : [relative(repository, options.root)];
  const hash = sourceHash([...sources, ...own]);
  const folder = join(kept, `${hash}${suffix}`);
  if (existsSync(folder)) return { folder, isNew: false };
  // Loaded only here: a start that finds the app built needs no builder.
  const { buildApp } = await import('./build-app.ts');
  mkdirSync(kept, { recursive: true });
  const aside = join(kept, `making-${process.pid}`);
  try {
    await buildApp({ outFolder: aside, ...options });
    if (!existsSync(folder)) renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  removeOthers(hash, suffix);
  return { folder, isNew: true };
}

/** Other states of the source; what another process is making just now stays, and other pages too. */
function removeOthers(hash: string, suffix: string): void {
  for (const name of readdirSync(kept)) {
    const isSamePage = /^[0-9a-f]{32}(.*)$/.exec(name)?.[1] === suffix;
    if (isSamePage && !name.startsWith(hash)) rmSync(join(kept, name), { recursive: true, force: true });
  }
}

function sourceHash(all: readonly string[]): string {
  const hash = createHash('sha256');
  for (const source of all) addTo(hash, source);
  return hash.digest('hex').slice(0, 32);
}

function addTo(hash: ReturnType<typeof createHash>, name: string): void {
  const path = join(repository, name);
  if (!existsSync(path)) return;
  const names = readdirSyncOrNull(path);
  if (names === null) {
    const bytes = readFileSync(path);
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
    return;
  }
  for (const each of names.toSorted()) {
    if (!each.endsWith('.test.ts')) addTo(hash, `${name}/${each}`);
  }
}

function readdirSyncOrNull(path: string): readonly string[] | null {
  try {
    return readdirSync(path);
  } catch {
    return null;
  }
}
