import { readdirSync, readFileSync } from 'node:fs';

/** Memory of a browser by the kind of its processes, shared pages counted once (Linux), in bytes. */
export function memoryOf(root: number): ReadonlyMap<string, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (Number.isInteger(pid)) parents.set(pid, Number(/^PPid:\t(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0));
  }
  const isOurs = (pid: number): boolean => pid === root || (pid > 1 && isOurs(parents.get(pid) ?? 0));
  const all = new Map<string, number>();
  for (const pid of parents.keys()) {
    if (!isOurs(pid)) continue;
    const kib = Number(/^Pss: +(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
    const line = read(`/proc/${pid}/cmdline`);
    const kind = /--utility-sub-type=([\w.]+)/.exec(line)?.[1] ?? /--type=([\w-]+)/.exec(line)?.[1] ?? 'browser';
    all.set(kind, (all.get(kind) ?? 0) + kib * 1_024);
  }
  return all;
}

export function sumOf(memory: ReadonlyMap<string, number>): number {
  return [...memory.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** Empty where the process ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
