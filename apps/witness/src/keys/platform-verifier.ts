import { createPublicKey, verify } from 'node:crypto';
import { noteVerifier, type NoteVerifier, type VerifierKey, type VerifySignature } from '@latchkey/tlog';

/** The platform's check of a signature by a key that the caller trusts. */
export const verifySignature: VerifySignature = (key, message, signature) => {
  const publicKey = createPublicKey({
    key: Buffer.from(key.publicKey),
    format: 'raw-public',
    asymmetricKeyType: key.type.algorithm === 'ed25519' ? 'ed25519' : 'ml-dsa-44',
  });
  return verify(null, message, publicKey, signature);
};

/** The check for a log's key. */
export function platformVerifier(key: VerifierKey): NoteVerifier {
  return noteVerifier(key, verifySignature);
}
