/** The post-quantum recipient kind (C2SP age, "mlkem768x25519 recipient stanza"). */
import type { Engine } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import { encodeBase64 } from './base64.ts';
import { textOfBytes } from './bytes.ts';
import { hpkeKeyOf } from './hpke.ts';
import type { Stanza } from './stanza.ts';

/** @throws CryptoError recipient_malformed */
export async function wrapHybrid(
  engine: Pick<Engine, 'aeadSeal' | 'hmacSha256' | 'hybridKemEncapsulate'>,
  publicKey: Uint8Array,
  fileKey: Uint8Array,
): Promise<Stanza> {
  const encapsulated = await engine.hybridKemEncapsulate(publicKey);
  if (encapsulated === null)
    throw new CryptoError('recipient_malformed', 'the recipient is not a usable mlkem768x25519 key');
  const { key, nonce } = await hpkeKeyOf(engine, encapsulated.sharedSecret);
  const body = await engine.aeadSeal({ key, nonce, bytes: fileKey });
  encapsulated.sharedSecret.fill(0);
  key.fill(0);
  return { args: ['mlkem768x25519', textOfBytes(encodeBase64(encapsulated.encapsulation))], body };
}
