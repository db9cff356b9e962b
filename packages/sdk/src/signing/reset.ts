/** Resets: identities that recovery keys put in force (docs/spec/14-proving-directory.md, "Reset"). */
import { recoveryKeyName, type Engine } from '@latchkey/crypto';
import type { HybridPublicKey, HybridSigner } from '@latchkey/crypto/sign';
import type { IdentityStatement } from '@latchkey/protocol';
import { formatNote, parseNote, type Note, type NoteSignature } from '@latchkey/tlog';
import { utf8 } from '@scure/base';
import { equalBytes } from './equal-bytes.ts';
import { identitySigner } from './identity.ts';
import { isSignedBy, signStatement } from './signed-statement.ts';

/** Type of the line that carries the recovery keys themselves: nobody has them from elsewhere. It signs nothing. */
const KEYS_TYPE = joined(Uint8Array.of(0xff), utf8.decode('latchkey/recovery-keys/v1'));
const ED25519_BYTES = 32;
const MLDSA44_BYTES = 1_312;

export interface ResetSigners {
  /** The pair that the statement introduces. */
  readonly own: HybridSigner;
  /** The pair of the kit that the statement before commits to. */
  readonly recovery: HybridSigner;
}

/** What this needs of an engine. */
export type ResetEngine = Pick<Engine, 'sha256' | 'ed25519Verify' | 'mldsa44Verify'>;

/** The note over a version whose owner has nothing but the kit: own lines, recovery lines, and the recovery keys. */
export async function signReset(
  engine: ResetEngine,
  statement: IdentityStatement,
  { own, recovery }: ResetSigners,
): Promise<string> {
  const name = recoveryKeyName(await recoveryHash(engine, recovery.publicKey));
  const text = await signStatement(statement, [identitySigner(statement, own), { name, signer: recovery }]);
  const note = parseNote(utf8.decode(text));
  const line = await keysLine(engine, name, recovery.publicKey);
  return utf8.encode(formatNote({ ...note, signatures: [...note.signatures, line] }));
}

/** Whether the recovery keys of this hash, as a `recovery` line commits to them, have signed a note with both halves. */
export async function isSignedByRecovery(engine: ResetEngine, note: Note, keysHash: Uint8Array): Promise<boolean> {
  const name = recoveryKeyName(keysHash);
  for (const line of note.signatures) {
    const keys = line.keyName === name ? await keysOf(engine, line) : null;
    if (keys === null || !equalBytes(await recoveryHash(engine, keys), keysHash)) continue;
    return isSignedBy(engine, { note }, { name, keys });
  }
  return false;
}

async function keysLine(
  engine: ResetEngine,
  keyName: string,
  { ed25519, mldsa44 }: HybridPublicKey,
): Promise<NoteSignature> {
  const signature = joined(ed25519, mldsa44);
  return { keyName, keyId: await keyIdOf(engine, keyName, signature), signature };
}

/** The keys of a line that carries some, in its one form. */
async function keysOf(
  engine: ResetEngine,
  { keyName, keyId, signature }: NoteSignature,
): Promise<HybridPublicKey | null> {
  if (signature.length !== ED25519_BYTES + MLDSA44_BYTES) return null;
  if ((await keyIdOf(engine, keyName, signature)) !== keyId) return null;
  const keys = { ed25519: signature.slice(0, ED25519_BYTES), mldsa44: signature.slice(ED25519_BYTES) };
  return keys;
}

async function keyIdOf(engine: ResetEngine, keyName: string, keys: Uint8Array): Promise<number> {
  const digest = await engine.sha256(joined(utf8.decode(`${keyName}\n`), KEYS_TYPE, keys));
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0);
}

async function recoveryHash(engine: ResetEngine, { ed25519, mldsa44 }: HybridPublicKey): Promise<Uint8Array> {
  return engine.sha256(joined(ed25519, mldsa44));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
