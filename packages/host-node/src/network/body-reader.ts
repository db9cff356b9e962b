import type { IncomingMessage } from 'node:http';
import type { HttpBodyReader } from '@latchkey/sdk/transport';

/** So many pieces may wait for a reader, of 64 KiB at most each; then the line is left to fill. */
const mostWaiting = 16;

/**
 * Pieces as the line brings them, each in memory of its own. Node's own iterator costs a short answer as much as all its
 * other steps, and joins pieces that wait.
 */
export function bodyReader(incoming: IncomingMessage): HttpBodyReader {
  const waiting: Uint8Array[] = [];
  let failure: Error | null = null;
  let wake: () => void = () => undefined;
  incoming.on('data', (piece: Uint8Array) => {
    waiting.push(piece);
    if (waiting.length >= mostWaiting) incoming.pause();
    wake();
  });
  incoming.on('end', () => wake());
  incoming.on('close', () => wake());
  incoming.on('error', (error) => {
    failure = error;
    wake();
  });
  return {
    async read() {
      for (;;) {
        const piece = waiting.shift();
        if (piece !== undefined) return { done: false, value: piece };
        if (incoming.readableEnded) return { done: true };
        if (failure !== null) throw failure;
        if (incoming.destroyed) throw new Error('the connection was cut');
        incoming.resume();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
