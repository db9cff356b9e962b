import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

export interface ProductionPackage {
  readonly name: string;
  readonly version: string;
  /** Where it really lies. */
  readonly folder: string;
  /** Whether it is a room of this repository, which is packed before it is shipped. */
  readonly isOurs: boolean;
}

interface InstalledManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Comes for each platform by itself (node-program.ts). */
const NODE = /^node-linux-/;

/**
 * Everything that these rooms need to run, in the order of names, each once: a release has one flat `node_modules`.
 *
 * @param rooms folders of rooms
 * @throws Error where something is not installed, is there in two versions, or would differ from machine to machine
 */
export function productionPackages(root: string, rooms: readonly string[]): readonly ProductionPackage[] {
  const found = new Map<string, ProductionPackage>();
  const peers: { readonly name: string; readonly of: string }[] = [];
  const ours = realpathSync(root) + sep;
  const waiting = rooms.map((room) => realpathSync(room));
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const manifest = readManifest(folder);
    const { name, version } = manifest;
    const before = found.get(name);
    if (before !== undefined) {
      if (before.version === version) continue;
      throw new Error(`${name} is needed as ${before.version} and as ${version}: one folder cannot hold both`);
    }
    const isOurs = folder.startsWith(ours) && !folder.includes(`${sep}node_modules${sep}`);
    found.set(name, { name, version, folder, isOurs });
    for (const needed of Object.keys(manifest.dependencies ?? {})) waiting.push(installed(needed, folder));
    for (const optional of Object.keys(manifest.optionalDependencies ?? {})) {
      if (NODE.test(optional)) continue;
      throw new Error(`${name}: ${optional} is optional, so that a release would depend on who packs it`);
    }
    for (const peer of Object.keys(manifest.peerDependencies ?? {})) {
      if (manifest.peerDependenciesMeta?.[peer]?.optional !== true) peers.push({ name: peer, of: name });
    }
  }
  for (const peer of peers) if (!found.has(peer.name)) throw new Error(`${peer.of} needs ${peer.name} beside it`);
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** As Node itself looks: in each `node_modules` on the way up. */
function installed(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (folder === dirname(folder)) throw new Error(`${name} is not installed, and ${from} needs it`);
  }
}

function readManifest(folder: string): InstalledManifest {
  // npm and tools/check have looked at their shape.
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as InstalledManifest;
}
