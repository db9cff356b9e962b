import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Refused } from '../store/refused.ts';

const writeBytes = 1_048_576;

export interface PartPlace {
  readonly handle: FileHandle;
  readonly offsetBytes: number;
  /** Exactly so many bytes must come. */
  readonly sizeBytes: number;
}

/**
 * Writes a body to its place in a file while it comes in, and to disk before it returns.
 *
 * @returns SHA-256 of what came
 * @throws Refused `part_damaged` where it is longer or shorter, or the line was cut
 */
export async function receivePart(incoming: IncomingMessage, place: PartPlace): Promise<Uint8Array> {
  const hash = createHash('sha256');
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let doneBytes = 0;

  async function write(): Promise<void> {
    const at = place.offsetBytes + doneBytes;
    const { bytesWritten } = await place.handle.writev(waiting, at);
    if (bytesWritten !== waitingBytes) throw new Refused('storage_failed');
    doneBytes += waitingBytes;
    waiting = [];
    waitingBytes = 0;
  }

  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      hash.update(chunk);
      waiting.push(chunk);
      waitingBytes += chunk.length;
      if (doneBytes + waitingBytes > place.sizeBytes) throw new Refused('part_damaged');
      if (waitingBytes >= writeBytes) await write();
    }
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(isFull(error) ? 'storage_failed' : 'part_damaged');
  }
  if (doneBytes + waitingBytes !== place.sizeBytes) throw new Refused('part_damaged');
  if (waitingBytes > 0) await write();
  await place.handle.datasync();
  return hash.digest();
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EIO');
}
