// What the import graph does not show: every room stands in tools/rooms.json and has its README, and pure rooms
// read no clock and roll no dice of their own.
import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Room {
  readonly path: string;
  readonly platform: 'pure' | 'node' | 'web';
}

/** What a pure room takes as an argument instead: a time, an Engine, a port. */
const ambient =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bMath\.random\b|\bconsole\.|\bsetTimeout\b|\bprocess\./;
const headings = ['What it is', 'What it never does', 'Doors', 'Main flow', 'Tests'];

/** Faults in words, one a line; an empty list where the house is in order. */
export function roomFaults(root: string): string[] {
  const table = JSON.parse(readFileSync(join(root, 'tools/rooms.json'), 'utf8')) as {
    rooms: Record<string, Room>;
    platformDoors: readonly { path: string }[];
  };
  const faults: string[] = [];
  const known = new Map(Object.values(table.rooms).map((room) => [room.path, room]));
  for (const floor of ['packages', 'apps']) {
    if (!existsSync(join(root, floor))) continue;
    for (const folder of readdirSync(join(root, floor))) {
      const path = `${floor}/${folder}`;
      const room = known.get(path);
      if (room === undefined) {
        faults.push(`${path}: not in tools/rooms.json; write there what it may import`);
        continue;
      }
      faults.push(...readmeFaults(root, path));
      if (room.platform === 'pure') faults.push(...ambientFaults(root, path, table.platformDoors));
    }
  }
  return faults;
}

function readmeFaults(root: string, path: string): string[] {
  const readme = join(root, path, 'README.md');
  if (!existsSync(readme)) return [`${path}: has no README.md`];
  const lines = readFileSync(readme, 'utf8').split('\n');
  return headings
    .filter((heading) => !lines.includes(`## ${heading}`))
    .map((heading) => `${path}/README.md: the heading "## ${heading}" is missing`);
}

function ambientFaults(root: string, path: string, doors: readonly { path: string }[]): string[] {
  return globSync('src/**/*.ts', { cwd: join(root, path) })
    .map((file) => `${path}/${file}`)
    .filter((file) => !file.endsWith('.test.ts') && !doors.some((door) => file.startsWith(`${door.path}/`)))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => {
          const found = ambient.exec(line);
          return found === null || /^\s*(\*|\/\/)/.test(line)
            ? []
            : [`${file}:${index + 1}: a pure room has no ${found[0]}; take it as an argument`];
        }),
    );
}

if (import.meta.main) {
  const faults = roomFaults(join(import.meta.dirname, '../..'));
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
