import type { IncomingMessage } from 'node:http';
import type { HttpBodyReader } from '@latchkey/sdk/transport';

/** Pieces as the line brings them. Node's own iterator costs a short answer as much as all its other steps. */
export function bodyReader(incoming: IncomingMessage): HttpBodyReader {
  let failure: Error | null = null;
  let wake: () => void = () => undefined;
  incoming.on('readable', () => wake());
  incoming.on('end', () => wake());
  incoming.on('close', () => wake());
  incoming.on('error', (error) => {
    failure = error;
    wake();
  });
  return {
    async read() {
      for (;;) {
        const piece = incoming.read() as Uint8Array | null;
        if (piece !== null) return { done: false, value: piece };
        if (incoming.readableEnded) return { done: true };
        if (failure !== null) throw failure;
        if (incoming.destroyed) throw new Error('the connection was cut');
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
