import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import type { NoteSigner } from '../src/note/sign-note.ts';
import { ed25519NoteType, mldsa44NoteType, type SignatureType } from '../src/note/signature-type.ts';
import { verifierKey, type VerifierKey } from '../src/note/verifier-key.ts';
import type { NoteVerifier } from '../src/note/verify-note.ts';

/** A key pair of the platform as signer and as verifier: the room itself has neither. */
export interface PlatformKey extends NoteSigner, NoteVerifier {
  readonly publicKeyPem: string;
}

export function ed25519Key(name: string): PlatformKey {
  return platformKey(name, ed25519NoteType, generateKeyPairSync('ed25519').privateKey);
}

export function mldsa44Key(name: string): PlatformKey {
  return platformKey(name, mldsa44NoteType, generateKeyPairSync('ml-dsa-44').privateKey);
}

/** The check for a key of which only the verifier key is known. */
export function platformVerifier(key: VerifierKey): NoteVerifier {
  const publicKey = Buffer.from(key.publicKey).toString('base64url');
  const jwk =
    key.type === ed25519NoteType
      ? { kty: 'OKP', crv: 'Ed25519', x: publicKey }
      : { kty: 'AKP', alg: 'ML-DSA-44', pub: publicKey };
  const object = createPublicKey({ key: jwk, format: 'jwk' });
  return { key, verify: (message, signature) => verify(null, message, object, signature) };
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
