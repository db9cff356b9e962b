import { TlogError } from '../errors.ts';
import { noteTextBytes } from './note-text-bytes.ts';
import type { Note, NoteSignature } from './note.ts';
import type { VerifierKey } from './verifier-key.ts';

/** A key that signs, held elsewhere. */
export interface NoteSigner {
  readonly key: VerifierKey;
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/**
 * The note with one line more for each signer, after the lines it has; `signatures` is empty in a new note.
 * @throws TlogError `argument_invalid` for a text that no note can carry, a key that has a line already,
 * or a signature of another size than its type's
 */
export async function signNote(note: Note, signers: readonly NoteSigner[]): Promise<Note> {
  const message = noteTextBytes(note.text);
  const signatures: NoteSignature[] = [...note.signatures];
  for (const signer of signers) {
    const { key } = signer;
    if (signatures.some((line) => line.keyName === key.name && line.keyId === key.keyId)) {
      throw new TlogError('argument_invalid', 'this key has signed already');
    }
    const signature = await signer.sign(message);
    if (signature.length !== key.type.signatureBytes) {
      throw new TlogError(
        'argument_invalid',
        `a signature of type ${key.type.name} has ${key.type.signatureBytes} bytes`,
      );
    }
    signatures.push({ keyName: key.name, keyId: key.keyId, signature });
  }
  return { text: note.text, signatures };
}
