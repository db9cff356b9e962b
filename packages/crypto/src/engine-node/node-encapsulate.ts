import { encapsulate, generateKeyPairSync } from 'node:crypto';
import type { Encapsulated } from '../engine/engine.ts';
import { joinHalves, splitHybridPublicKey } from '../engine/hybrid-kem.ts';
import { agreeOrNull } from './agree-or-null.ts';
import { combineSecrets } from './combine-secrets.ts';
import { exportPublicKey, importPublicKey } from './raw-key.ts';

/** To a hybrid public key, on the calling thread; null where the key is refused. */
export function nodeEncapsulate(publicKey: Uint8Array): Encapsulated | null {
  const to = splitHybridPublicKey(publicKey);
  const mlkemKey = to === null ? null : importPublicKey('ml-kem-768', to.mlkem);
  const x25519Key = to === null ? null : importPublicKey('x25519', to.x25519);
  if (to === null || mlkemKey === null || x25519Key === null) return null;
  const mlkem = encapsulate(mlkemKey);
  const ephemeral = generateKeyPairSync('x25519');
  const x25519Secret = agreeOrNull(ephemeral.privateKey, x25519Key);
  if (x25519Secret === null) return null;
  const x25519Ephemeral = exportPublicKey(ephemeral.publicKey);
  return {
    encapsulation: joinHalves({ mlkem: mlkem.ciphertext, x25519: x25519Ephemeral }),
    sharedSecret: combineSecrets({
      mlkemSecret: mlkem.sharedKey,
      x25519Secret,
      x25519Ephemeral,
      x25519PublicKey: to.x25519,
    }),
  };
}
