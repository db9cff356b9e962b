import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { noteVerifier, type VerifySignature } from '../src/cosignature/cosignature-verifier.ts';
import type { NoteSigner } from '../src/note/sign-note.ts';
import {
  ed25519CosignatureType,
  ed25519NoteType,
  mldsa44CosignatureType,
  mldsa44NoteType,
  type SignatureType,
} from '../src/note/signature-type.ts';
import { verifierKey, type VerifierKey } from '../src/note/verifier-key.ts';
import type { NoteVerifier } from '../src/note/verify-note.ts';

/** A key pair of the platform as signer and as verifier of raw messages: the room itself has neither. */
export interface PlatformKey extends NoteSigner, NoteVerifier {
  readonly publicKeyPem: string;
}

export function ed25519Key(name: string): PlatformKey {
  return platformKey(name, ed25519NoteType, generateKeyPairSync('ed25519').privateKey);
}

export function mldsa44Key(name: string): PlatformKey {
  return platformKey(name, mldsa44NoteType, generateKeyPairSync('ml-dsa-44').privateKey);
}

export function ed25519Cosigner(name: string): PlatformKey {
  return platformKey(name, ed25519CosignatureType, generateKeyPairSync('ed25519').privateKey);
}

export function mldsa44Cosigner(name: string): PlatformKey {
  return platformKey(name, mldsa44CosignatureType, generateKeyPairSync('ml-dsa-44').privateKey);
}

/** The raw algorithms of the platform. */
export const platformVerify: VerifySignature = (key, message, signature) => {
  const publicKey = Buffer.from(key.publicKey).toString('base64url');
  const jwk =
    key.type.algorithm === 'ed25519'
      ? { kty: 'OKP', crv: 'Ed25519', x: publicKey }
      : { kty: 'AKP', alg: 'ML-DSA-44', pub: publicKey };
  return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
};

/** The check for a key of which only the verifier key is known. */
export function platformVerifier(key: VerifierKey): NoteVerifier {
  return noteVerifier(key, platformVerify);
}

function platformKey(name: string, type: SignatureType, privateKey: KeyObject): PlatformKey {
  const publicKey = createPublicKey(createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })));
  const { x, pub } = publicKey.export({ format: 'jwk' }) as { readonly x?: string; readonly pub?: string };
  const key = verifierKey(name, type, Uint8Array.from(Buffer.from(x ?? pub ?? '', 'base64url')));
  return {
    key,
    publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    sign: (message) => Uint8Array.from(sign(null, message, privateKey)),
    verify: (message, signature) => verify(null, message, publicKey, signature),
  };
}
