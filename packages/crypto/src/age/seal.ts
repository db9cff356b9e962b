/** Sealing a stream as an age file: the main flow, in the order of the C2SP age specification. */
import type { Engine } from '../engine/engine.ts';
import type { ChunkCipher } from './chunk-cipher.ts';
import { cleanedStream } from './cleaned-stream.ts';
import { encodeArmor } from './encode-armor.ts';
import { chunkCipher } from './engine-chunk-cipher.ts';
import { FILE_KEY_BYTES } from './limits.ts';
import { payloadKeyOf } from './payload-key.ts';
import { NONCE_BYTES } from './payload-size.ts';
import type { Recipient } from './recipient.ts';
import { sealHeader } from './seal-header.ts';
import { sealPayload } from './seal-payload.ts';

export interface SealOptions {
  readonly recipients: readonly Recipient[];
  readonly plaintext: AsyncIterable<Uint8Array>;
  readonly armored?: boolean;
  readonly cipher?: ChunkCipher;
}

/**
 * A whole age file, in constant memory. Bad recipients are refused before anything is read or given out. Who does not
 * read it calls `return()`, which zeroes the payload key; the plaintext has then not been asked for anything.
 * @throws CryptoError argument_invalid, recipient_malformed, recipients_mixed, recipients_below_floor
 */
export async function seal(engine: Engine, options: SealOptions): Promise<AsyncGenerator<Uint8Array<ArrayBuffer>>> {
  const { recipients, plaintext, armored = false, cipher = chunkCipher(engine) } = options;
  const fileKey = engine.randomBytes(FILE_KEY_BYTES);
  try {
    const header = await sealHeader(engine, { fileKey, recipients, wrappedBefore: [] });
    const nonce = engine.randomBytes(NONCE_BYTES);
    const payloadKey = await payloadKeyOf(engine, fileKey, nonce);
    const file = fileOf({ header, nonce, payloadKey, plaintext, cipher });
    return cleanedStream(armored ? encodeArmor(file) : file, () => {
      payloadKey.fill(0);
    });
  } finally {
    fileKey.fill(0);
  }
}

interface FileParts {
  readonly header: Uint8Array<ArrayBuffer>;
  readonly nonce: Uint8Array;
  readonly payloadKey: Uint8Array;
  readonly plaintext: AsyncIterable<Uint8Array>;
  readonly cipher: ChunkCipher;
}

async function* fileOf(parts: FileParts): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { header, nonce, payloadKey, plaintext, cipher } = parts;
  try {
    yield header;
    yield Uint8Array.from(nonce);
    yield* sealPayload(cipher, { payloadKey, plaintext });
  } finally {
    payloadKey.fill(0);
  }
}
