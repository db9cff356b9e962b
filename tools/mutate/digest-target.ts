import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { filesOfTarget, type Target } from './targets.ts';

/**
 * One hash, in hex, of all that the verdicts of a target follow from: its sources and tests with every file of ours
 * that they import, the vectors, what is installed, and this Node. Programs that a test starts are not among it.
 */
export function digestTarget(root: string, target: Target): string {
  const first = filesOfTarget(root, target).flatMap(({ file, rounds }) => [file, ...rounds.flat()]);
  const files = importClosure(first.map((file) => join(root, file)));
  const vectors = namedVectors(root, files);
  const installed = ['package-lock.json'].map((file) => join(root, file)).filter((path) => existsSync(path));
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}\n`);
  for (const path of [...files, ...vectors, ...installed].toSorted()) {
    const sum = createHash('sha256').update(readFileSync(path)).digest('hex');
    hash.update(`${relative(root, path).replaceAll('\\', '/')} ${sum}\n`);
  }
  return hash.digest('hex');
}

/** Of `vectors/`, the folders that the files name: `vectors/age`, or a text that begins with `statements/`. */
function namedVectors(root: string, files: readonly string[]): readonly string[] {
  const texts = files.map((path) => readFileSync(path, 'utf8'));
  return globSync('vectors/*/', { cwd: root })
    .filter((folder) => {
      const name = basename(folder);
      return texts.some((text) => [`vectors/${name}`, `'${name}/`, `\`${name}/`].some((part) => text.includes(part)));
    })
    .flatMap((folder) => globSync(`${folder}/**/*.json`, { cwd: root }))
    .map((file) => join(root, file));
}

/** The files themselves and all that they import, over and over; what is installed from elsewhere is left out. */
function importClosure(paths: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const waiting = [...paths];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    if (!/\.[cm]?[jt]s$/.test(path)) continue;
    for (const { fileName } of ts.preProcessFile(readFileSync(path, 'utf8')).importedFiles) {
      const found = resolveImport(path, fileName);
      if (found !== null) waiting.push(found);
    }
  }
  return [...seen];
}

function resolveImport(from: string, name: string): string | null {
  if (name.startsWith('node:')) return null;
  if (name.startsWith('.')) {
    const path = join(dirname(from), name);
    return existsSync(path) ? path : null;
  }
  try {
    // Rooms of this repository are links in node_modules: only where they point to tells them from what is installed.
    const path = realpathSync(createRequire(from).resolve(name));
    return path.includes('/node_modules/') || path.includes('\\node_modules\\') ? null : path;
  } catch {
    return null;
  }
}
