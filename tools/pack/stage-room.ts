import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileSource } from './compile-source.ts';
import { compiledPath, packedManifest, type RoomManifest } from './manifest.ts';

export interface RoomToStage {
  readonly manifest: RoomManifest;
  /** The folder of the room. */
  readonly from: string;
  /** The folder to fill; it does not exist yet. */
  readonly to: string;
  /** Root of the repository, whose LICENSE is taken where the room has none of its own. */
  readonly root: string;
  /** Default: true. Nobody imports what is only run. */
  readonly withDeclarations?: boolean;
}

/** Fills a folder with what is to be packed. @throws Error where something that belongs into a package is missing. */
export function stageRoom({ manifest, from, to, root, ...options }: RoomToStage): void {
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    writeFileSync(join(to, file), text);
  };
  // A command's doors are for tests of other rooms in this repository.
  const doors = manifest.bin === undefined ? manifest.exports : undefined;
  const withDeclarations = doors !== undefined && options.withDeclarations !== false;
  const entries = doors === undefined ? ['src/main.ts'] : Object.values(doors);

  // Only what a door leads to: tests and what they share stay behind by themselves.
  const waiting = entries.map((entry) => entry.replace(/^\.\//, ''));
  const seen = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    if (file === 'package.json') continue;
    if (!file.startsWith('src/')) throw new Error(`${manifest.name}: ${file} lies outside src and is not packed`);
    if (!file.endsWith('.ts')) {
      write(file.replace(/^src\//, 'dist/'), readFileSync(join(from, file), 'utf8'));
      continue;
    }
    const { javascript, declarations, needs } = compileSource({
      file,
      text: readFileSync(join(from, file), 'utf8'),
      withDeclarations,
      ...(isInferred(file) ? { inferFrom: join(from, file) } : {}),
    });
    const script = compiledPath(file);
    write(script, javascript);
    if (declarations !== null) write(script.replace(/\.js$/, '.d.ts'), declarations);
    waiting.push(...needs);
  }

  write('package.json', `${JSON.stringify(packedManifest(manifest), null, 2)}\n`);
  copyFileSync(join(from, 'README.md'), join(to, 'README.md'));
  const own = join(from, 'LICENSE');
  copyFileSync(existsSync(own) ? own : join(root, 'LICENSE'), join(to, 'LICENSE'));
  if (manifest.bin !== undefined) cpSync(join(from, 'bin'), join(to, 'bin'), { recursive: true });
}

/** The one folder whose types come from schemas (packages/protocol/tsconfig.wire.json). */
function isInferred(file: string): boolean {
  return file.startsWith('src/wire/');
}
