import { isCount, parseDecimal } from '../decimal.ts';
import { TlogError } from '../errors.ts';
import { MAX_CHECKPOINT_CHARS } from '../limits.ts';
import { formatHashLine, parseHashLine } from '../merkle/hash-line.ts';
import { isHash } from '../merkle/hash.ts';
import { hasControlCharacter } from '../note/has-control-character.ts';

/** The head of a log at one size (C2SP tlog-checkpoint, "Note text"). */
export interface Checkpoint {
  /** Names the log: one line, not empty. */
  readonly origin: string;
  /** Leaves of the tree, 0 to 2^53 − 1. */
  readonly size: number;
  /** 32 bytes. */
  readonly rootHash: Uint8Array;
  /** Lines after the third, not empty. ML-DSA-44 cosignatures do not cover them; most logs have none. */
  readonly extensions: readonly string[];
}

/**
 * Reads the text of a note as a checkpoint. Nothing of it is true before the note's signatures are verified.
 * `formatCheckpoint` gives the same text back.
 * @throws TlogError `checkpoint_malformed`
 */
export function parseCheckpoint(text: string): Checkpoint {
  if (text.length > MAX_CHECKPOINT_CHARS) throw malformed('it is too long');
  if (!text.endsWith('\n')) throw malformed('it does not end with a newline');
  const [origin, sizeLine, rootLine, ...extensions] = text.slice(0, -1).split('\n');
  if (origin === undefined || sizeLine === undefined || rootLine === undefined) {
    throw malformed('it has fewer than three lines');
  }
  if (origin === '') throw malformed('the origin is empty');
  if (extensions.includes('')) throw malformed('an extension line is empty');
  if (!isNoteText(text)) throw malformed('no note can carry it');
  const size = parseDecimal(sizeLine);
  if (size === null) throw malformed('the size is not a decimal number below 2^53');
  const rootHash = parseHashLine(rootLine);
  if (rootHash === null) throw malformed('the root hash is not 32 bytes in base64');
  return { origin, size, rootHash, extensions };
}

/** @throws TlogError `argument_invalid` where no `parseCheckpoint` would take the result */
export function formatCheckpoint({ origin, size, rootHash, extensions }: Checkpoint): string {
  if (!isCount(size)) throw new TlogError('argument_invalid', 'a size is a whole number from 0 to 2^53 − 1');
  if (!isHash(rootHash)) throw new TlogError('argument_invalid', 'a root hash has 32 bytes');
  const lines = [origin, String(size), formatHashLine(rootHash), ...extensions];
  const text = `${lines.join('\n')}\n`;
  if (lines.some((line) => line === '' || line.includes('\n')) || !isNoteText(text)) {
    throw new TlogError('argument_invalid', 'origin and extensions are one line each, not empty');
  }
  if (text.length > MAX_CHECKPOINT_CHARS) throw new TlogError('argument_invalid', 'this checkpoint is too long');
  return text;
}

/** Well-formed and without control characters but newlines (C2SP signed-note, "Format"). */
function isNoteText(text: string): boolean {
  return text.isWellFormed() && !hasControlCharacter(text);
}

function malformed(why: string): TlogError {
  return new TlogError('checkpoint_malformed', `not a checkpoint: ${why}`);
}
