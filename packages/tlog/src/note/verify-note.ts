import { TlogError } from '../errors.ts';
import { noteTextBytes } from './note-text-bytes.ts';
import type { Note, NoteSignature } from './note.ts';
import type { VerifierKey } from './verifier-key.ts';

/** A trusted key and the function that checks its signatures: strict, false for anything but a valid one. */
export interface NoteVerifier {
  readonly key: VerifierKey;
  verify(message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
}

export interface NoteVerified {
  readonly verified: true;
  /** The keys whose line verified, in the order of the verifiers; at least one. */
  readonly signedBy: readonly VerifierKey[];
  /** Lines of keys that nobody asked about. They prove nothing. */
  readonly unknown: readonly NoteSignature[];
}

export interface NoteRefused {
  readonly verified: false;
  /**
   * `signature_wrong`: a known key's line does not verify. `signature_repeated`: a known key has two lines.
   * `signature_missing`: a key that was needed has no line, or no known key has one.
   */
  readonly reason: 'signature_wrong' | 'signature_repeated' | 'signature_missing';
  /** The key that it is about; null where no known key signed. */
  readonly key: VerifierKey | null;
}

/**
 * Checks the lines of known keys (C2SP signed-note, "Signatures"). A known key is one whose name and key id both fit;
 * one line of it that does not verify refuses the whole note, whatever the others say. All other lines are ignored.
 *
 * `need` is `all` where every verifier must have signed (both halves of a hybrid pair are two verifiers), `any` where
 * the caller counts `signedBy` itself.
 * @throws TlogError `verifiers_ambiguous` where two verifiers share name and key id
 */
export async function verifyNote(
  note: Note,
  verifiers: readonly NoteVerifier[],
  need: 'all' | 'any',
): Promise<NoteVerified | NoteRefused> {
  const known = new Set(verifiers.map(({ key }) => lineOwner(key.name, key.keyId)));
  if (known.size !== verifiers.length) {
    throw new TlogError('verifiers_ambiguous', 'two verifiers share a name and a key id');
  }
  const message = noteTextBytes(note.text);
  const signedBy: VerifierKey[] = [];
  for (const verifier of verifiers) {
    const { key } = verifier;
    const own = note.signatures.filter((line) => line.keyName === key.name && line.keyId === key.keyId);
    const [line] = own;
    if (line === undefined) {
      if (need === 'all') return { verified: false, reason: 'signature_missing', key };
      continue;
    }
    if (own.length > 1) return { verified: false, reason: 'signature_repeated', key };
    // The size first: what a verify function does with other sizes is its own affair.
    if (line.signature.length !== key.type.signatureBytes) return { verified: false, reason: 'signature_wrong', key };
    // Only true is a yes, whatever a function that skipped the types returns.
    const answer: unknown = await verifier.verify(message, line.signature);
    if (answer !== true) return { verified: false, reason: 'signature_wrong', key };
    signedBy.push(key);
  }
  if (signedBy.length === 0) return { verified: false, reason: 'signature_missing', key: null };
  const unknown = note.signatures.filter((line) => !known.has(lineOwner(line.keyName, line.keyId)));
  return { verified: true, signedBy, unknown };
}

/** Names have no white space, so that no two pairs give one string. */
function lineOwner(keyName: string, keyId: number): string {
  return `${keyName} ${keyId}`;
}
