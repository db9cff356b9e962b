/** Notes over statements: the text, and under it both halves of each signer (docs/spec/03-signed-notes.md). */
import type { HybridPublicKey, HybridSignature, HybridSigner } from '@latchkey/crypto/sign';
import type { SignatureVerifier } from '@latchkey/crypto/verify';
import { formatForReaders, parseStatement, type Statement } from '@latchkey/protocol';
import {
  ed25519NoteType,
  formatNote,
  mldsa44NoteType,
  parseNote,
  signNote,
  verifierKey,
  verifyNote,
  type Note,
  type NoteSigner,
} from '@latchkey/tlog';
import { utf8 } from '@scure/base';
import { SdkError } from '../errors.ts';

/** A pair that signs under its name. Names of identities are made by `identityKeyName`. */
export interface NamedSigner {
  readonly name: string;
  readonly signer: HybridSigner;
}

/** Public keys under their name, from a statement that the caller trusts already. */
export interface NamedKeys {
  readonly name: string;
  readonly keys: HybridPublicKey;
}

type Kind = Statement['kind'];
type Of<K extends Kind> = Extract<Statement, { readonly kind: K }>;

/** A note whose text is a statement of the expected kind. Nothing about its signatures is known yet. */
export interface UnverifiedStatement<S extends Statement = Statement> {
  readonly statement: S;
  readonly note: Note;
}

/** The signed note as text, with two lines for each signer: Ed25519, then ML-DSA-44. */
export async function signStatement(statement: Statement, signers: readonly NamedSigner[]): Promise<string> {
  return (await signReadable(statement.kind, statement, signers)).text;
}

/** The same, for whoever goes on with it: note and statement are what `parseSigned` makes of the text. */
export async function signReadable<K extends Kind>(
  kind: K,
  statement: Of<K>,
  signers: readonly NamedSigner[],
): Promise<UnverifiedStatement<Of<K>> & { readonly text: string }> {
  const formatted = formatForReaders(statement);
  const note = await signNote({ text: formatted.text, signatures: [] }, signers.flatMap(halvesOf));
  if (!isOf(kind, formatted.statement)) throw new TypeError('a statement came back as another kind');
  return { statement: formatted.statement, note, text: utf8.encode(formatNote(note)) };
}

/** @throws SdkError `statement_unverified` where the text is no note over a statement of this kind */
export function parseSigned<K extends Kind>(kind: K, text: string): UnverifiedStatement<Of<K>> {
  const { statement, note } = parseAnySigned(text);
  if (isOf(kind, statement)) return { statement, note };
  throw new SdkError('statement_unverified', `not a statement of kind ${kind}`);
}

/** A note whose text is a statement of any kind. @throws SdkError `statement_unverified` */
export function parseAnySigned(text: string): UnverifiedStatement {
  try {
    // Half of a surrogate pair is refused here: as bytes it would be another text than the one that is kept.
    const note = parseNote(utf8.decode(text));
    return { statement: parseStatement(note.text), note };
  } catch (cause) {
    throw new SdkError('statement_unverified', 'not a signed statement', { cause });
  }
}

/** Whether both halves of these keys have signed the note. */
export async function isSignedBy(
  engine: SignatureVerifier,
  { note }: { readonly note: Note },
  { name, keys }: NamedKeys,
): Promise<boolean> {
  const verdict = await verifyNote(
    note,
    [
      {
        key: verifierKey(name, ed25519NoteType, keys.ed25519),
        verify: (message, line) => engine.ed25519Verify(keys.ed25519, message, line),
      },
      {
        key: verifierKey(name, mldsa44NoteType, keys.mldsa44),
        verify: (message, line) => engine.mldsa44Verify(keys.mldsa44, message, line),
      },
    ],
    'all',
  );
  return verdict.verified;
}

export interface ExpectedStatement<K extends Kind> {
  readonly kind: K;
  readonly by: NamedKeys;
}

/**
 * The statement of a note that these keys have signed. The keys come from a pinned identity, never from the note.
 *
 * @throws SdkError `statement_unverified`
 */
export async function verifyStatement<K extends Kind>(
  engine: SignatureVerifier,
  text: string,
  { kind, by }: ExpectedStatement<K>,
): Promise<Of<K>> {
  const signed = parseSigned(kind, text);
  if (!(await isSignedBy(engine, signed, by))) {
    throw new SdkError('statement_unverified', 'the statement is not signed by the keys that it needs');
  }
  return signed.statement;
}

function isOf<K extends Kind>(kind: K, statement: Statement): statement is Of<K> {
  return statement.kind === kind;
}

/** Both halves come from one call: a signer makes them together, and ML-DSA is the dearest step of a message. */
function halvesOf({ name, signer }: NamedSigner): readonly NoteSigner[] {
  const { ed25519, mldsa44 } = signer.publicKey;
  let last: { readonly message: Uint8Array; readonly signature: Promise<HybridSignature> } | null = null;
  const signatureOver = (message: Uint8Array): Promise<HybridSignature> => {
    if (last?.message !== message) last = { message, signature: signer.sign(message) };
    return last.signature;
  };
  return [
    {
      key: verifierKey(name, ed25519NoteType, ed25519),
      sign: async (message) => (await signatureOver(message)).ed25519,
    },
    {
      key: verifierKey(name, mldsa44NoteType, mldsa44),
      sign: async (message) => (await signatureOver(message)).mldsa44,
    },
  ];
}
