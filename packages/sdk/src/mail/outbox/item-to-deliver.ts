import { limits } from '@latchkey/protocol/wire';
import type { SealedItem } from '../../message/index.ts';
import { joinBytes } from '../../sync/byte-fields.ts';

/** One item of a message, as a delivery names it: a blob that is there, or the bytes themselves. */
export type ItemToDeliver = { readonly blob: Uint8Array } | { readonly content: Uint8Array };

/**
 * Whether an item travels in the delivery itself: one call less, and no hold of the sender that the server could have
 * joined to the recipients' arrivals (docs/spec/09-mail.md, "Sending").
 */
export function goesAlong({ payloadBytes }: Pick<SealedItem, 'payloadBytes'>): boolean {
  return payloadBytes <= limits.INLINE_BLOB_BYTES;
}

/** Nonce and chunks of an item that goes along. */
export async function wholePayload(item: SealedItem): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of item.payload()) pieces.push(piece);
  return joinBytes(...pieces);
}
