/** Opening an age file as a stream: the main flow, in the order of the C2SP age specification. */
import type { Engine } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ChunkCipher } from './chunk-cipher.ts';
import { cleanedStream } from './cleaned-stream.ts';
import { detectArmor } from './detect-armor.ts';
import { chunkCipher } from './engine-chunk-cipher.ts';
import type { Identity } from './identity.ts';
import type { RecipientKind } from './kinds.ts';
import { openHeader } from './open-header.ts';
import { openPayload } from './open-payload.ts';
import { payloadKeyOf } from './payload-key.ts';
import { NONCE_BYTES } from './payload-size.ts';
import { readHeader } from './read-header.ts';

export interface OpenOptions {
  /** An age file, binary or armored. */
  readonly source: AsyncIterable<Uint8Array>;
  /** Tried in this order. */
  readonly identities: readonly Identity[];
  readonly cipher?: ChunkCipher;
}

export interface Opened {
  readonly openedBy: RecipientKind;
  readonly armored: boolean;
  /**
   * Verified chunk by chunk; whether the file is whole is known only when the stream has ended without an error.
   * Who does not read it calls `return()`, which closes the source and zeroes the payload key.
   * Throws CryptoError payload_damaged, payload_truncated, armor_malformed.
   */
  readonly plaintext: AsyncGenerator<Uint8Array<ArrayBuffer>>;
}

/**
 * Null where none of the identities is meant. Header and nonce have been read when this returns; the source is
 * closed where nothing is going to be read from it.
 * @throws CryptoError header_malformed, header_too_large, header_mac_wrong, passphrase_wrong,
 *   passphrase_work_too_high, payload_truncated, armor_malformed
 */
export async function open(engine: Engine, options: OpenOptions): Promise<Opened | null> {
  const { armored, reader } = await detectArmor(options.source);
  let opened: Opened | null = null;
  try {
    opened = await openBinary(engine, reader, { ...options, armored });
    return opened;
  } finally {
    if (opened === null) await reader.close();
  }
}

async function openBinary(
  engine: Engine,
  reader: ByteReader,
  { identities, armored, cipher = chunkCipher(engine) }: OpenOptions & { readonly armored: boolean },
): Promise<Opened | null> {
  const header = await openHeader(engine, { header: await readHeader(reader), identities });
  if (header === null) return null;
  const { fileKey, openedBy } = header;
  try {
    const nonce = await reader.take(NONCE_BYTES);
    if (nonce.length < NONCE_BYTES)
      throw new CryptoError('payload_truncated', 'the payload was cut short: it has no nonce');
    const payloadKey = await payloadKeyOf(engine, fileKey, nonce);
    const plaintext = cleanedStream(plaintextOf(cipher, payloadKey, reader), () => {
      payloadKey.fill(0);
      return reader.close();
    });
    return { openedBy, armored, plaintext };
  } finally {
    fileKey.fill(0);
  }
}

async function* plaintextOf(
  cipher: ChunkCipher,
  payloadKey: Uint8Array,
  reader: ByteReader,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  try {
    yield* openPayload(cipher, { payloadKey, chunks: reader.rest() });
  } finally {
    payloadKey.fill(0);
  }
}
