/** A profile of files, so that a process that is killed leaves it to another. Without locks: one process at a time. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryProfile, type MemoryProfile } from '../src/testing/index.ts';
import type { ProfileFile } from '../src/ports.ts';

const names: readonly ProfileFile[] = ['account', 'unlocked', 'pending', 'seen', 'hours'];

export async function folderProfile(folder: string): Promise<MemoryProfile> {
  mkdirSync(folder, { recursive: true });
  const memory = memoryProfile();
  for (const name of names) {
    const path = join(folder, name);
    if (existsSync(path)) await memory.write(name, readFileSync(path));
  }
  return {
    ...memory,
    async write(name, bytes) {
      await memory.write(name, bytes);
      writeFileSync(join(folder, `${name}.new`), bytes);
      renameSync(join(folder, `${name}.new`), join(folder, name));
    },
    async remove(name) {
      await memory.remove(name);
      rmSync(join(folder, name), { force: true });
    },
  };
}
