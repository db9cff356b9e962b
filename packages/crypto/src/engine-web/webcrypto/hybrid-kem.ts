/**
 * MLKEM768-X25519 (X-Wing) from two keys of the platform and SHA3-256 of our own. Chromium 156 has the hybrid
 * as one algorithm too, but loses such a key silently in structuredClone; two keys stay what they are.
 */
import { sha3_256, shake256 } from '@noble/hashes/sha3.js';
import type { Encapsulated, HybridKemKey } from '../../engine/engine.ts';
import {
  combinerInput,
  EXPANDED_SEED_BYTES,
  joinHalves,
  splitExpandedSeed,
  splitHybridEncapsulation,
  splitHybridPublicKey,
} from '../../engine/hybrid-kem.ts';
import { requireLength } from '../../engine/require-length.ts';
import { SEED_BYTES } from '../../engine/sizes.ts';
import type { EngineParts } from '../parts.ts';
import { importCurveSecret, orRefused, publicKeyOf, subtle, unshared } from './subtle.ts';
import { agree, x25519PublicKeyOf } from './x25519.ts';

const ML_KEM = 'ML-KEM-768';

export const webCryptoHybridKem: EngineParts['mlkem768x25519'] = { hybridKemKey, hybridKemEncapsulate };

async function hybridKemKey(seed: Uint8Array): Promise<HybridKemKey> {
  requireLength('hybrid KEM seed', seed, SEED_BYTES);
  const expanded = shake256(seed, { dkLen: EXPANDED_SEED_BYTES });
  const halves = splitExpandedSeed(expanded);
  const mlkemKey = await subtle.importKey('raw-seed', unshared(halves.mlkem), ML_KEM, false, ['decapsulateBits']);
  const x25519Key = await importCurveSecret('X25519', halves.x25519);
  expanded.fill(0);
  const mlkemPublicKey = await publicKeyOf(mlkemKey, ['encapsulateBits']);
  const x25519PublicKey = await x25519PublicKeyOf(x25519Key);
  return {
    publicKey: joinHalves({ mlkem: mlkemPublicKey, x25519: x25519PublicKey }),
    async decapsulate(encapsulation) {
      const sent = splitHybridEncapsulation(encapsulation);
      if (sent === null) return null;
      const [x25519Secret, mlkemSecret] = await Promise.all([
        agree(x25519Key, sent.x25519),
        subtle.decapsulateBits(ML_KEM, mlkemKey, unshared(sent.mlkem)),
      ]);
      if (x25519Secret === null) return null;
      return combine({
        mlkemSecret: new Uint8Array(mlkemSecret),
        x25519Secret,
        x25519Ephemeral: sent.x25519,
        x25519PublicKey,
      });
    },
  };
}

async function hybridKemEncapsulate(publicKey: Uint8Array): Promise<Encapsulated | null> {
  const to = splitHybridPublicKey(publicKey);
  if (to === null) return null;
  const mlkemKey = await orRefused(() =>
    subtle.importKey('raw-public', unshared(to.mlkem), ML_KEM, true, ['encapsulateBits']),
  );
  if (mlkemKey === null) return null;
  const ephemeral = await subtle.generateKey('X25519', false, ['deriveBits']);
  const x25519Secret = await agree(ephemeral.privateKey, to.x25519);
  if (x25519Secret === null) return null;
  const x25519Ephemeral = new Uint8Array(await subtle.exportKey('raw', ephemeral.publicKey));
  const mlkem = await subtle.encapsulateBits(ML_KEM, mlkemKey);
  return {
    encapsulation: joinHalves({ mlkem: new Uint8Array(mlkem.ciphertext), x25519: x25519Ephemeral }),
    sharedSecret: combine({
      mlkemSecret: new Uint8Array(mlkem.sharedKey),
      x25519Secret,
      x25519Ephemeral,
      x25519PublicKey: to.x25519,
    }),
  };
}

/** Zeroes both shared secrets. */
function combine(input: Parameters<typeof combinerInput>[0]): Uint8Array {
  const bytes = combinerInput(input);
  const sharedSecret = sha3_256(bytes);
  for (const secret of [bytes, input.mlkemSecret, input.x25519Secret]) secret.fill(0);
  return sharedSecret;
}
