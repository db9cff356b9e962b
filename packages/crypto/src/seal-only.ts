/**
 * Door `./seal-only`: a few bytes sealed to a hybrid recipient, for programs that must not be able to open anything.
 * What it gives is an age file (docs/spec/01-item.md).
 */
import { formatHeader, formatMacInput } from './age/header.ts';
import { headerMac } from './age/header-mac.ts';
import { FILE_KEY_BYTES } from './age/limits.ts';
import { payloadKeyOf } from './age/payload-key.ts';
import { CHUNK_PLAINTEXT_BYTES, NONCE_BYTES } from './age/payload-size.ts';
import { parseRecipient } from './age/recipient.ts';
import { wrapHybrid } from './age/wrap-hybrid.ts';
import type { Engine } from './engine/engine.ts';
import { CryptoError } from './errors.ts';

export { CryptoError, type CryptoErrorCode } from './errors.ts';

/** As much of an engine as sealing needs. */
export type SealingEngine = Pick<
  Engine,
  'randomBytes' | 'hmacSha256' | 'hkdfSha256' | 'aeadSeal' | 'hybridKemEncapsulate'
>;

/** The counter of the only chunk is zero; its last byte says that none follows. */
const ONLY_CHUNK = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

/**
 * @param recipient `age1pq1…`
 * @param bytes at least one, at most one chunk: 65,536
 * @throws CryptoError recipient_malformed, recipients_below_floor, argument_invalid
 */
export async function sealSmall(engine: SealingEngine, recipient: string, bytes: Uint8Array): Promise<Uint8Array> {
  const { kind, publicKey } = parseRecipient(recipient);
  if (kind !== 'mlkem768x25519') throw new CryptoError('recipients_below_floor', 'only post-quantum recipients here');
  if (bytes.length < 1 || bytes.length > CHUNK_PLAINTEXT_BYTES)
    throw new CryptoError('argument_invalid', `what is sealed has 1 to ${CHUNK_PLAINTEXT_BYTES} bytes`);
  const fileKey = engine.randomBytes(FILE_KEY_BYTES);
  const nonce = engine.randomBytes(NONCE_BYTES);
  const payloadKey = await payloadKeyOf(engine, fileKey, nonce);
  try {
    const macInput = formatMacInput([await wrapHybrid(engine, publicKey, fileKey)]);
    const header = formatHeader(macInput, await headerMac(engine, fileKey, macInput));
    const chunk = await engine.aeadSeal({ key: payloadKey, nonce: ONLY_CHUNK, bytes });
    const sealed = new Uint8Array(header.length + nonce.length + chunk.length);
    sealed.set(header);
    sealed.set(nonce, header.length);
    sealed.set(chunk, header.length + nonce.length);
    return sealed;
  } finally {
    fileKey.fill(0);
    payloadKey.fill(0);
  }
}
