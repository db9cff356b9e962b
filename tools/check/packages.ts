// What may come into the house: exact versions, no install scripts, no download addresses in the lock file,
// and a paragraph in docs/dependencies.md for every dependency that ships.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

interface LockEntry {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

interface Lock {
  readonly packages: Record<string, LockEntry>;
}

/** Faults in words, one a line. */
export function packageFaults(
  manifests: ReadonlyMap<string, Manifest>,
  lock: Lock,
  dependenciesPage: string,
): string[] {
  const faults: string[] = [];
  const ours = new Set([...manifests.values()].map((manifest) => manifest.name));
  for (const [file, manifest] of manifests) {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    for (const [name, version] of Object.entries(all)) {
      if (!/^(npm:[^@]+@)?\d+\.\d+\.\d+$/.test(version))
        faults.push(`${file}: ${name} is ${version}; pin one exact version`);
    }
    if (manifest.private === true) continue;
    const ships = { ...manifest.dependencies, ...manifest.optionalDependencies };
    for (const name of Object.keys(ships)) {
      if (ours.has(name)) continue;
      if (!dependenciesPage.includes(`\`${name}\``))
        faults.push(`docs/dependencies.md: no paragraph for ${name}, which ${file} ships`);
    }
  }
  faults.push(...shippedScriptFaults(manifests, lock));
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (entry.hasInstallScript === true && !switchedOff.has(path.split('node_modules/').at(-1) ?? '')) {
      faults.push(`package-lock.json: ${path} has an install script`);
    }
    if (entry.resolved !== undefined && entry.link !== true)
      faults.push(`package-lock.json: ${path} holds a download address`);
    if (path.includes('node_modules/') && entry.link !== true && entry.integrity === undefined) {
      faults.push(`package-lock.json: ${path} has no hash`);
    }
  }
  return faults;
}

/** What is installed with one of ours, however deep, may run nothing while it is: there is no exception for it. */
function shippedScriptFaults(manifests: ReadonlyMap<string, Manifest>, lock: Lock): string[] {
  const faults: string[] = [];
  for (const [file, manifest] of manifests) {
    if (manifest.private === true) continue;
    const folder = file === 'package.json' ? '' : file.slice(0, -'/package.json'.length);
    for (const path of reachedFrom(folder, manifest, lock)) {
      if (lock.packages[path]?.hasInstallScript === true)
        faults.push(`package-lock.json: ${path} has an install script, and ${file} ships it`);
    }
  }
  return faults;
}

/** Paths in the lock file of all that a package needs, and of what that needs. */
function reachedFrom(folder: string, manifest: Manifest, lock: Lock): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [{ from: folder, needs: namesOf(manifest) }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const name of next.needs) {
      const path = placeOf(name, next.from, lock);
      if (path === null || reached.has(path)) continue;
      reached.add(path);
      waiting.push({ from: path, needs: namesOf(lock.packages[path] ?? {}) });
    }
  }
  return reached;
}

function namesOf({
  dependencies,
  optionalDependencies,
}: Pick<Manifest, 'dependencies' | 'optionalDependencies'>): string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies });
}

/** As Node looks for it: in the package's own folder, then in each one above. Links lead to rooms of ours. */
function placeOf(name: string, from: string, lock: Lock): string | null {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    const entry = lock.packages[path];
    if (entry !== undefined) return entry.link === true && entry.resolved !== undefined ? entry.resolved : path;
    if (folder === '') return null;
  }
}

/**
 * Development tools whose install script only replaces a launcher by the binary that their optional package
 * holds anyway; `.npmrc` switches it off and they work without.
 */
const switchedOff = new Set(['esbuild']);

if (import.meta.main) {
  const root = join(import.meta.dirname, '../..');
  const files = [
    'package.json',
    ...globSync(['packages/*/package.json', 'apps/*/package.json', 'bench/package.json'], { cwd: root }),
  ];
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  const manifests = new Map(files.map((file) => [file, JSON.parse(read(file)) as Manifest]));
  const faults = packageFaults(manifests, JSON.parse(read('package-lock.json')) as Lock, read('docs/dependencies.md'));
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
