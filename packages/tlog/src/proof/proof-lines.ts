import { utf8 } from '@scure/base';
import { parseCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts';
import { TlogError } from '../errors.ts';
import { MAX_PROOF_HASHES } from '../limits.ts';
import { formatHashLine, parseHashLine } from '../merkle/hash-line.ts';
import { copyBytes, isHash } from '../merkle/hash.ts';
import type { Note } from '../note/note.ts';
import { parseNote } from '../note/parse-note.ts';

/** Proofs and witness requests alike: lines, an empty line, a checkpoint as it was signed. */
export interface LinesAndCheckpoint {
  readonly lines: readonly string[];
  /** The note's own bytes. */
  readonly checkpoint: Uint8Array;
  readonly note: Note;
  readonly head: Checkpoint;
}

const NEWLINE = 0x0a;
/** First lines and hashes, 44 characters each: no more is looked at before the empty line, but for extra data. */
const MAX_LINES = 3 + MAX_PROOF_HASHES;

/** Null where there is no empty line, or too much before it. */
export function splitAtCheckpoint(bytes: Uint8Array): LinesAndCheckpoint | null {
  const blank = bytes.findIndex((byte, place) => byte === NEWLINE && bytes[place + 1] === NEWLINE);
  if (blank === -1) return null;
  const head = bytes.subarray(0, blank);
  if (head.some((byte) => byte > 0x7e)) return null;
  const lines = utf8.encode(head).split('\n', MAX_LINES + 1);
  if (lines.length > MAX_LINES) return null;
  const checkpoint = copyBytes(bytes.subarray(blank + 2));
  const note = parseNote(checkpoint);
  return { lines, checkpoint, note, head: parseCheckpoint(note.text) };
}

/** Null unless each line is a hash, and there are at most 63. */
export function parseProofLines(lines: readonly string[]): Uint8Array[] | null {
  if (lines.length > MAX_PROOF_HASHES) return null;
  const proof: Uint8Array[] = [];
  for (const line of lines) {
    const hash = parseHashLine(line);
    if (hash === null) return null;
    proof.push(hash);
  }
  return proof;
}

/** @throws TlogError `argument_invalid` for more than 63 hashes, or one that has not 32 bytes */
export function formatProofLines(proof: readonly Uint8Array[]): string {
  if (proof.length > MAX_PROOF_HASHES || !proof.every(isHash)) {
    throw new TlogError('argument_invalid', `a proof has at most ${MAX_PROOF_HASHES} hashes of 32 bytes`);
  }
  return proof.map((hash) => `${formatHashLine(hash)}\n`).join('');
}
