/** Resets: identities that recovery keys put in force. docs/spec/14-proving-directory.md, "Reset". */
import { createHash } from 'node:crypto';
import type { Note, NoteSignature } from '@latchkey/tlog';
import { recoveryKeysHash, recoveryKeyName, signedBy, type HybridKeys } from './identity.ts';

/** Type of the line that carries the keys themselves: nobody has them from elsewhere. It signs nothing. */
const keysType = Buffer.concat([Uint8Array.of(0xff), Buffer.from('latchkey/recovery-keys/v1')]);
const ed25519Bytes = 32;
const mldsa44Bytes = 1_312;

/** Whether the recovery keys of this hash have signed the note with both halves. */
export async function signedByRecovery(note: Note, keysHash: Uint8Array): Promise<boolean> {
  for (const line of note.signatures) {
    const keys = keysOf(line);
    if (keys === null || Buffer.compare(recoveryKeysHash(keys), keysHash) !== 0) continue;
    const name = recoveryKeyName(keys);
    if (line.keyName === name) return signedBy(name, keys, note);
  }
  return false;
}

function keysOf({ keyName, keyId, signature }: NoteSignature): HybridKeys | null {
  if (signature.length !== ed25519Bytes + mldsa44Bytes) return null;
  const digest = createHash('sha256').update(`${keyName}\n`).update(keysType).update(signature).digest();
  if (digest.readUInt32BE(0) !== keyId) return null;
  return { ed25519: signature.slice(0, ed25519Bytes), mldsa44: signature.slice(ed25519Bytes) };
}
