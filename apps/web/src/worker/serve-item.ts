/** The crypto worker's half of `/app/item/<id>`: opens what is asked for, piece by piece, as fast as it is taken. */
import { openAttachmentRange } from '@latchkey/sdk/mail';
import type { ItemAsk, ItemFacts, ItemPiece } from '../service-worker/item-messages.ts';
import type { Desk } from './desk.ts';

export function serveItem(desk: Desk, id: string, port: MessagePort): void {
  const item = desk.items.get(id);
  if (item === undefined || !desk.isOpen) {
    port.postMessage({ known: false } satisfies ItemFacts);
    return;
  }
  const { client } = desk;
  const { message, index, name, type, sizeBytes, as } = item;
  // What is saved is saved once: whoever learns the address later gets nothing.
  if (as === 'save') desk.items.delete(id);
  const stop = new AbortController();
  let pieces: AsyncIterator<Uint8Array<ArrayBuffer>> | null = null;

  const answer = async (): Promise<void> => {
    try {
      const next = await pieces?.next();
      if (next === undefined || next.done === true) return port.postMessage({ end: true } satisfies ItemPiece);
      // A copy: what is given away must be no view of memory that is used again.
      const piece = next.value.slice();
      port.postMessage({ piece } satisfies ItemPiece, [piece.buffer]);
    } catch {
      port.postMessage({ failed: true } satisfies ItemPiece);
    }
  };
  port.addEventListener('message', ({ data }: MessageEvent<ItemAsk>) => {
    if ('from' in data) {
      const { from, to } = data;
      const span = openAttachmentRange(client, message, { index, from, to, signal: stop.signal });
      pieces = span[Symbol.asyncIterator]();
    } else if ('next' in data) {
      void answer();
    } else {
      stop.abort();
      port.close();
    }
  });
  port.start();
  port.postMessage({ known: true, name, type, sizeBytes, as } satisfies ItemFacts);
}
