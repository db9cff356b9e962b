/** Attachments as bytes that the browser shows or saves. */
import type { Client } from '@latchkey/sdk/client';
import { openAttachmentRange, read, type MessageAttachment } from '@latchkey/sdk/mail';
import type { RequestName } from './contract.ts';
import type { Handlers } from './desk.ts';
import { ItemTooLargeError } from './item-too-large-error.ts';
import { memorySink } from './memory-sink.ts';

type Names = Extract<RequestName, 'openItem' | 'itemBytes'>;

const MAX_IN_MEMORY_BYTES = 64 * 1024 * 1024;
const MAX_PREVIEW_BYTES = 32 * 1024 * 1024;
const ID_BYTES = 16;

export const itemHandlers: Handlers<Names> = {
  async openItem(desk, { message, index, as, streams = false }, { signal }) {
    const { name, type, sizeBytes } = await attachmentOf(desk.client, message, index);
    if (streams) {
      const id = Array.from(crypto.getRandomValues(new Uint8Array(ID_BYTES)), hexByte).join('');
      desk.items.set(id, { message, index, name, type, sizeBytes, as });
      return { url: `${import.meta.env.BASE_URL}item/${id}`, name, type, sizeBytes };
    }
    if (sizeBytes > MAX_IN_MEMORY_BYTES) throw new ItemTooLargeError();
    const bytes = await bytesOf(desk.client, { message, index, sizeBytes, signal });
    const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
    return { url, name, type, sizeBytes };
  },

  async itemBytes({ client }, { message, index }, { signal }) {
    const { sizeBytes } = await attachmentOf(client, message, index);
    if (sizeBytes > MAX_PREVIEW_BYTES) throw new ItemTooLargeError();
    return bytesOf(client, { message, index, sizeBytes, signal });
  },
};

interface Whole {
  readonly message: string;
  readonly index: number;
  readonly sizeBytes: number;
  readonly signal: AbortSignal;
}

async function bytesOf(client: Client, { message, index, sizeBytes, signal }: Whole): Promise<Uint8Array<ArrayBuffer>> {
  const sink = memorySink();
  for await (const piece of openAttachmentRange(client, message, { index, from: 0, to: sizeBytes, signal })) {
    await sink.write(piece);
  }
  return sink.bytes();
}

async function attachmentOf(client: Client, message: string, index: number): Promise<MessageAttachment> {
  const attachment = (await read(client, message)).attachments[index];
  if (attachment === undefined) throw new RangeError('the message has no such attachment');
  return attachment;
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
