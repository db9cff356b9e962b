/** A head of the index log as somebody shows it: whether log and witnesses have signed it, and for which hour. */
import type { Directory as KeyDirectory } from '@latchkey/key-directory/verify';
import {
  cosignatureTime,
  evaluatePolicy,
  mldsa44CosignatureType,
  parseCheckpoint,
  parseNote,
  TlogError,
  type Note,
} from '@latchkey/tlog';
import { utf8 } from '@scure/base';
import { HOUR_SECONDS } from '../../hours.ts';
import { equalBytes } from '../../signing/equal-bytes.ts';

export interface SignedHead {
  /** The whole note, byte for byte. */
  readonly note: string;
  readonly size: number;
  /** 32 bytes. */
  readonly rootHash: Uint8Array;
  /** Which hour's head the log says that it is, since 1970-01-01T00Z; null where it is no hour's. */
  readonly hour: number | null;
}

/** Null where it is no head of this log that all whom the policy asks have signed. Freshness is not asked for. */
export async function verifySignedHead(directory: KeyDirectory, text: string): Promise<SignedHead | null> {
  const note = readNote(text);
  const head = note === null ? null : headOf(directory, { text, note });
  if (note === null || head === null) return null;
  const { origin, policy } = directory.index;
  const { verifySignature } = directory;
  const verdict = await evaluatePolicy(policy, { note, verifySignature, origin, logKeys: 'all' });
  return verdict.satisfied ? head : null;
}

/** What a head says, signed or not. Null for what is none. */
export function readHead(directory: KeyDirectory, text: string): SignedHead | null {
  const note = readNote(text);
  return note === null ? null : headOf(directory, { text, note });
}

function headOf(
  directory: KeyDirectory,
  { text, note }: { readonly text: string; readonly note: Note },
): SignedHead | null {
  try {
    const { size, rootHash } = parseCheckpoint(note.text);
    const seconds = logTime(directory, note);
    return { note: text, size, rootHash, hour: seconds % HOUR_SECONDS === 0 ? seconds / HOUR_SECONDS : null };
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}

/**
 * Two heads that no honest log signs both: one size with two roots, or two trees for one hour. Of everything else one
 * may come after the other.
 */
export function contradict(one: SignedHead, other: SignedHead): boolean {
  const isSameTree = one.size === other.size && equalBytes(one.rootHash, other.rootHash);
  if (isSameTree) return false;
  return one.size === other.size || (one.hour !== null && one.hour === other.hour);
}

/** Of the log's own ML-DSA-44 line: it says the first second of an hour in the head of that hour alone. */
function logTime({ index }: KeyDirectory, { signatures }: Note): number {
  const timed = index.policy.logs.find(({ key }) => key.type.name === mldsa44CosignatureType.name)?.key;
  const line = signatures.find(({ keyName, keyId }) => keyName === timed?.name && keyId === timed.keyId);
  return line === undefined ? 1 : cosignatureTime(line);
}

function readNote(text: string): Note | null {
  try {
    return parseNote(utf8.decode(text));
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}
