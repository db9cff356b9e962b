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
export function sealPayload(
  cipher: ChunkCipher,
  { payloadKey, plaintext }: SealPayloadOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const runs = cutRuns(plaintext, { chunkBytes: CHUNK_PLAINTEXT_BYTES, chunksPerRun: cipher.chunksPerRun });
  return inOrder(runs, {
    atOnce: cipher.runsInFlight,
    work: (run) => cipher.sealRun({ payloadKey, ...run }),
  });
}
