import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** In the order of their names, with `/` between folders. */
export function contentsOf(folder: string): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  return new Map(names.toSorted().map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
}
