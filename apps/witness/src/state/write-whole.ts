import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The places between which a power cut or a kill can fall; tests stand there. */
export type WriteStep = 'opened' | 'written' | 'synced' | 'renamed' | 'folder-synced';

export type AtWriteStep = (step: WriteStep) => void | Promise<void>;

const nothing: AtWriteStep = () => {};

/**
 * The file has either its old content or all of the new one, whatever happens; when this returns, the new one is on
 * the disk. When it throws, either may be there: read it again.
 */
export async function writeWhole(path: string, bytes: Uint8Array, at: AtWriteStep = nothing): Promise<void> {
  const aside = `${path}.new`;
  const file = await open(aside, 'w', 0o600);
  try {
    await at('opened');
    await file.writeFile(bytes);
    await at('written');
    await file.sync();
    await at('synced');
  } finally {
    await file.close();
  }
  await rename(aside, path);
  await at('renamed');
  await syncFolder(dirname(path));
  await at('folder-synced');
}

/** A name in a folder is on the disk only when the folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
