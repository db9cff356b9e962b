import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, opendir, stat, unlink, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** Large blobs as files under random names. Whatever writes here is on disk before it returns. */
export interface BlobFiles {
  newName(): string;
  /** Opens for writing parts at their places; makes the file where it is absent. */
  openForParts(name: string): Promise<FileHandle>;
  openForReading(name: string): Promise<FileHandle>;
  /** File times say when something was sent; this sets them to the hour. */
  roundTimes(name: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Every name that is there, with its last change and size. */
  names(): AsyncGenerator<{ readonly name: string; readonly changedMs: number; readonly sizeBytes: number }>;
}

const nameForm = /^[0-9a-f]{32}$/;
const hourMs = 3_600_000;

export function blobFiles(dataDir: string): BlobFiles {
  const root = join(dataDir, 'blobs');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const pathOf = (name: string): string => {
    if (!nameForm.test(name)) throw new Error('not the name of a blob file');
    return join(root, name.slice(0, 2), name);
  };
  return {
    newName: () => randomBytes(16).toString('hex'),
    async openForParts(name) {
      const path = pathOf(name);
      try {
        return await open(path, 'r+');
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
      mkdirSync(join(root, name.slice(0, 2)), { recursive: true, mode: 0o700 });
      // 'a+' would append whatever the position; 'wx+' races with another part of the same upload.
      const made = await open(path, 'a', 0o600);
      await made.close();
      await syncFolder(join(root, name.slice(0, 2)));
      await syncFolder(root);
      return open(path, 'r+');
    },
    openForReading: (name) => open(pathOf(name), 'r'),
    async roundTimes(name) {
      const hour = Math.floor(Date.now() / hourMs) * (hourMs / 1_000);
      await utimes(pathOf(name), hour, hour);
    },
    async remove(name) {
      try {
        await unlink(pathOf(name));
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
    async *names() {
      for await (const folder of await opendir(root)) {
        if (!folder.isDirectory()) continue;
        for await (const file of await opendir(join(root, folder.name))) {
          if (!nameForm.test(file.name)) continue;
          const { mtimeMs, size } = await stat(join(root, folder.name, file.name));
          yield { name: file.name, changedMs: mtimeMs, sizeBytes: size };
        }
      }
    },
  };
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync();
  await folder.close();
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
