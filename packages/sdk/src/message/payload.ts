/** Payloads of items under a key that exists already: the same plaintext gives the same bytes again. */
import {
  openRange,
  openSeekable,
  payloadKeyOf,
  payloadSizeOf,
  sealPayload,
  type PayloadReader,
} from '@latchkey/crypto';
import { concatBytes } from './bytes.ts';
import { altered, type MessageHost } from './item-key.ts';
import type { ItemKey } from './types.ts';

/** One sealed item: key, size and payload, nonce first. */
export interface SealedItem {
  readonly key: ItemKey;
  readonly payloadBytes: number;
  /** May be called again and gives the same bytes. */
  payload(): AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** An item whose plaintext is in memory. */
export function sealedItem(host: MessageHost, key: ItemKey, plaintext: Uint8Array): SealedItem {
  return {
    key,
    payloadBytes: payloadSizeOf(plaintext.length),
    payload: () => payloadPieces(host, key, piecesOf(plaintext)),
  };
}

/** Nonce and chunks. The caller vouches that this key has never sealed another plaintext. */
export async function* payloadPieces(
  host: MessageHost,
  { fileKey, nonce }: ItemKey,
  plaintext: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const payloadKey = await payloadKeyOf(host.engine, fileKey, nonce);
  try {
    yield Uint8Array.from(nonce);
    yield* sealPayload(host.chunks, { payloadKey, plaintext });
  } finally {
    payloadKey.fill(0);
  }
}

/**
 * A whole plaintext of at most `maxBytes`, the end of the payload checked first.
 *
 * @throws SdkError `item_altered`
 */
export async function openWhole(
  host: MessageHost,
  { fileKey, reader, maxBytes }: { fileKey: Uint8Array; reader: PayloadReader; maxBytes: number },
): Promise<Uint8Array<ArrayBuffer>> {
  if (reader.sizeBytes > payloadSizeOf(maxBytes)) throw altered('it is larger than any');
  const payload = await openSeekable(host.engine, { fileKey, reader, cipher: host.chunks });
  try {
    const pieces: Uint8Array[] = [];
    for await (const piece of openRange(payload, 0, payload.plaintextSizeBytes)) pieces.push(piece);
    return concatBytes(...pieces);
  } finally {
    payload.payloadKey.fill(0);
  }
}

// eslint-disable-next-line typescript/require-await
async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
