/** The post-quantum recipient kind (C2SP age, "mlkem768x25519 recipient stanza"). */
import type { Engine, HybridKemKey } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import { encodeBase64 } from './base64.ts';
import { textOfBytes } from './bytes.ts';
import { hpkeKeyOf } from './hpke.ts';
import type { HybridStanza } from './known-stanza.ts';
import type { Stanza } from './stanza.ts';

/** @throws CryptoError recipient_malformed */
export async function wrapHybrid(engine: Engine, publicKey: Uint8Array, fileKey: Uint8Array): Promise<Stanza> {
  const encapsulated = await engine.hybridKemEncapsulate(publicKey);
  if (encapsulated === null)
    throw new CryptoError('recipient_malformed', 'the recipient is not a usable mlkem768x25519 key');
  const { key, nonce } = await hpkeKeyOf(engine, encapsulated.sharedSecret);
  const body = await engine.aeadSeal({ key, nonce, bytes: fileKey });
  encapsulated.sharedSecret.fill(0);
  key.fill(0);
  return { args: ['mlkem768x25519', textOfBytes(encodeBase64(encapsulated.encapsulation))], body };
}

/**
 * Null where the stanza is for somebody else.
 * @throws CryptoError header_malformed
 */
export async function unwrapHybrid(
  engine: Engine,
  kemKey: HybridKemKey,
  stanza: HybridStanza,
): Promise<Uint8Array | null> {
  const sharedSecret = await kemKey.decapsulate(stanza.encapsulation);
  if (sharedSecret === null)
    throw new CryptoError('header_malformed', 'malformed age header: an X25519 share has low order');
  const { key, nonce } = await hpkeKeyOf(engine, sharedSecret);
  const fileKey = await engine.aeadOpen({ key, nonce, bytes: stanza.body });
  sharedSecret.fill(0);
  key.fill(0);
  return fileKey;
}
