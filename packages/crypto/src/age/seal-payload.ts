import type { ChunkCipher } from './chunk-cipher.ts';
import { cutRuns } from './cut-runs.ts';
import { inOrder } from './in-order.ts';
import { CHUNK_PLAINTEXT_BYTES } from './payload-size.ts';

export interface SealPayloadOptions {
  /** 32 bytes, of `payloadKeyOf`. Must stay as it is until the stream has ended. */
  readonly payloadKey: Uint8Array;
  readonly plaintext: AsyncIterable<Uint8Array>;
}

/** The chunks of a payload, without the nonce that stands before them (C2SP age, "Payload"). Constant memory. */
export async function* sealPayload(
  cipher: ChunkCipher,
  { payloadKey, plaintext }: SealPayloadOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const keyed = (await cipher.underKey?.(payloadKey)) ?? cipher;
  const runs = cutRuns(plaintext, {
    chunkBytes: CHUNK_PLAINTEXT_BYTES,
    chunksPerRun: keyed.chunksPerRun,
    borrow: keyed.borrows === true,
  });
  // `inOrder` begins with a run before it asks for the next, which is what borrowing needs.
  yield* inOrder(runs, {
    atOnce: keyed.runsInFlight,
    work: (run) => keyed.sealRun({ payloadKey, ...run }),
  });
}
