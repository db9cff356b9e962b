import { concatBytes } from '@noble/hashes/utils.js';
import { TlogError } from '../errors.ts';
import type { Note, NoteSignature } from '../note/note.ts';
import type { NoteSigner } from '../note/sign-note.ts';
import { cosignedMessage } from './cosigned-message.ts';
import { COSIGNATURE_TIME_BYTES } from './cosignature-time.ts';

/**
 * One cosignature line for a checkpoint (C2SP tlog-cosignature, "Format"). `signer.sign` is the raw algorithm; the
 * message is made here. The line says that this is the largest consistent head of the log that the signer has seen: who
 * signs has checked that, and has kept the head, before. A time of 0 says nothing about the time (ML-DSA-44 only).
 * @throws TlogError as `cosignedMessage`; `argument_invalid` for a signature of another size than the type's
 */
export async function cosign(note: Note, signer: NoteSigner, timeSeconds: number): Promise<NoteSignature> {
  const { key } = signer;
  const signature = await signer.sign(cosignedMessage(key, note.text, timeSeconds));
  if (COSIGNATURE_TIME_BYTES + signature.length !== key.type.signatureBytes) {
    throw new TlogError('argument_invalid', 'a signature of this type has another size');
  }
  const time = new Uint8Array(COSIGNATURE_TIME_BYTES);
  new DataView(time.buffer).setBigUint64(0, BigInt(timeSeconds));
  return { keyName: key.name, keyId: key.keyId, signature: concatBytes(time, signature) };
}
