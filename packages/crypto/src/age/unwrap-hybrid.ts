/** The other half of wrap-hybrid.ts, apart from it: who only seals has no code that opens. */
import type { Engine, HybridKemKey } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import { hpkeKeyOf } from './hpke.ts';
import type { HybridStanza } from './known-stanza.ts';

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
