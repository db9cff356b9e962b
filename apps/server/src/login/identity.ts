/** Identity statements as the server checks them: enough that nobody but the owner can put one in the own place. */
import { createHash } from 'node:crypto';
import { nodeVerifier } from '@latchkey/crypto/verify-node';
import {
  identityKeyName,
  KEY_NAME_PREFIX,
  parseStatement,
  type ActStatement,
  type IdentityStatement,
} from '@latchkey/protocol';
import { ed25519NoteType, mldsa44NoteType, parseNote, verifierKey, verifyNote, type Note } from '@latchkey/tlog';

export interface HybridKeys {
  readonly ed25519: Uint8Array;
  readonly mldsa44: Uint8Array;
}

export interface SignedIdentity {
  readonly note: Note;
  readonly statement: IdentityStatement;
}

/** @returns null where the text is no note over an identity statement */
export function parseIdentity(text: string): SignedIdentity | null {
  const note = noteOrNull(text);
  const statement = note === null ? null : statementOrNull(note.text);
  if (note === null || statement?.kind !== 'latchkey/identity/v1') return null;
  return { note, statement };
}

/** @returns null where the text is no note over an act */
export function parseAct(text: string): { note: Note; statement: ActStatement } | null {
  const note = noteOrNull(text);
  const statement = note === null ? null : statementOrNull(note.text);
  if (note === null || statement?.kind !== 'latchkey/act/v1') return null;
  return { note, statement };
}

/** Both halves of the pair that this statement introduces have signed the note. */
export async function signedByKeysOf(identity: IdentityStatement, note: Note): Promise<boolean> {
  return signedBy(identityKeyName(identity), identity, note);
}

export async function signedBy(name: string, keys: HybridKeys, note: Note): Promise<boolean> {
  const verdict = await verifyNote(
    note,
    [
      { key: verifierKey(name, ed25519NoteType, keys.ed25519), verify: verifyWith('ed25519', keys) },
      { key: verifierKey(name, mldsa44NoteType, keys.mldsa44), verify: verifyWith('mldsa44', keys) },
    ],
    'all',
  );
  return verdict.verified;
}

function verifyWith(
  half: keyof HybridKeys,
  keys: HybridKeys,
): (message: Uint8Array, line: Uint8Array) => Promise<boolean> {
  return async (message, line) =>
    half === 'ed25519'
      ? nodeVerifier.ed25519Verify(keys.ed25519, message, line)
      : nodeVerifier.mldsa44Verify(keys.mldsa44, message, line);
}

function noteOrNull(text: string): Note | null {
  try {
    return parseNote(Buffer.from(text, 'utf8'));
  } catch {
    return null;
  }
}

function statementOrNull(text: string): ReturnType<typeof parseStatement> | null {
  try {
    return parseStatement(text);
  } catch {
    return null;
  }
}

/** What `recovery kit` in an identity statement commits to. docs/spec/06-wire.md, "Login with the kit". */
export function recoveryKeysHash(keys: HybridKeys): Uint8Array {
  return createHash('sha256').update(keys.ed25519).update(keys.mldsa44).digest();
}

/** The name of the kit's keys in signature lines. */
export function recoveryKeyName(keys: HybridKeys): string {
  return KEY_NAME_PREFIX + Buffer.from(recoveryKeysHash(keys)).toString('base64url').slice(0, 22);
}
