import type { FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';

export interface Span {
  readonly first: number;
  /** The last byte, not the one after it. */
  readonly last: number;
}

/** Larger pieces are no faster: a socket takes less at once. */
const pieceBytes = 262_144;

/**
 * A span of a file into a line, from two pieces of memory: one is read while the other is on its way. A stream would take
 * fresh memory for each piece, and the garbage collector a third of the time.
 *
 * Settles when all of it has been handed over, or when the line is cut.
 */
export async function pourFile(handle: FileHandle, { first, last }: Span, line: Writable): Promise<void> {
  // What waits is one function, however long the line lasts: a promise that settles at its end would keep each waiter.
  let wake = (): void => undefined;
  let isOnItsWay = false;
  const onClose = (): void => wake();
  line.once('close', onClose);
  const handedOver = async (): Promise<void> => {
    if (!isOnItsWay || line.destroyed) return;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  };
  const memories = [Buffer.allocUnsafeSlow(pieceBytes), Buffer.allocUnsafeSlow(pieceBytes)] as const;
  let [memory, other] = memories;
  try {
    for (let at = first; at <= last && !line.destroyed;) {
      const { bytesRead } = await handle.read(memory, 0, Math.min(pieceBytes, last + 1 - at), at);
      if (bytesRead === 0) throw new Error('a blob is shorter than its row says');
      await handedOver();
      if (line.destroyed) return;
      isOnItsWay = true;
      line.write(memory.subarray(0, bytesRead), () => {
        isOnItsWay = false;
        wake();
      });
      [memory, other] = [other, memory];
      at += bytesRead;
    }
    await handedOver();
  } finally {
    line.off('close', onClose);
  }
}
