import { createPublicKey, verify } from 'node:crypto';
import { noteVerifier, type NoteVerifier, type VerifierKey } from '@latchkey/tlog';

/** The platform's check for a log's key. */
export function platformVerifier(key: VerifierKey): NoteVerifier {
  const publicKey = createPublicKey({
    key: Buffer.from(key.publicKey),
    format: 'raw-public',
    asymmetricKeyType: key.type.algorithm === 'ed25519' ? 'ed25519' : 'ml-dsa-44',
  });
  return noteVerifier(key, (_key, message, signature) => verify(null, message, publicKey, signature));
}
