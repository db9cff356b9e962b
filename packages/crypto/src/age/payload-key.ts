import type { Engine } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import { AGE_LABELS } from './labels.ts';
import { FILE_KEY_BYTES } from './limits.ts';
import { NONCE_BYTES } from './payload-size.ts';

/**
 * The key under which the chunks of one payload are sealed (C2SP age, "Payload"). 32 bytes; the caller zeroes
 * them when done.
 * @param nonce the first 16 bytes of the payload
 * @throws CryptoError argument_invalid
 */
export async function payloadKeyOf(
  engine: Pick<Engine, 'hkdfSha256'>,
  fileKey: Uint8Array,
  nonce: Uint8Array,
): Promise<Uint8Array> {
  if (fileKey.length !== FILE_KEY_BYTES) throw new CryptoError('argument_invalid', 'a file key has 16 bytes');
  if (nonce.length !== NONCE_BYTES) throw new CryptoError('argument_invalid', 'a payload nonce has 16 bytes');
  return engine.hkdfSha256({ secret: fileKey, salt: nonce, info: AGE_LABELS.payload, lengthBytes: 32 });
}
