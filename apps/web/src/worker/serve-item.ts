/** The crypto worker's half of `/app/item/<id>`: opens what is asked for, piece by piece, as fast as it is taken. */
import { openAttachmentRange } from '@latchkey/sdk/mail';
import type { ItemAsk, ItemFacts, ItemPiece } from '../service-worker/item-messages.ts';
import type { Desk } from './desk.ts';

/** What crosses to the service worker at once: a message for each chunk would cost more than opening it. */
const PIECE_BYTES = 1_048_576;

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
      const piece = pieces === null ? null : await gathered(pieces);
      if (piece === null) return port.postMessage({ end: true } satisfies ItemPiece);
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

/** Copies: what is given away must be no view of memory that is used again. Null at the end. */
async function gathered(pieces: AsyncIterator<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer> | null> {
  let memory = new Uint8Array(0);
  let size = 0;
  for (;;) {
    const { done, value } = await pieces.next();
    if (done === true) return size === 0 ? null : memory.subarray(0, size);
    if (size + value.length > memory.length) {
      const larger = new Uint8Array(Math.max(PIECE_BYTES, size + value.length));
      larger.set(memory.subarray(0, size));
      memory = larger;
    }
    memory.set(value, size);
    size += value.length;
    if (size + value.length > PIECE_BYTES) return memory.subarray(0, size);
  }
}
