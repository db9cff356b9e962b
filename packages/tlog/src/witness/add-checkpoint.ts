import { concatBytes } from '@noble/hashes/utils.js';
import { utf8 } from '@scure/base';
import { parseCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts';
import { isCount, parseDecimal } from '../decimal.ts';
import { TlogError } from '../errors.ts';
import { MAX_ADD_CHECKPOINT_BYTES } from '../limits.ts';
import type { Note } from '../note/note.ts';
import { parseNote } from '../note/parse-note.ts';
import { formatProofLines, parseProofLines, splitAtCheckpoint } from '../proof/proof-lines.ts';

/** What a log asks a witness (C2SP tlog-witness, "add-checkpoint"): the body of the POST. */
export interface AddCheckpoint {
  /** The size that the witness has cosigned last. */
  readonly oldSize: number;
  /** From that size to the checkpoint's. */
  readonly proof: readonly Uint8Array[];
  /** The bytes of the note that the log has signed. */
  readonly checkpoint: Uint8Array;
}

export interface ParsedAddCheckpoint extends AddCheckpoint {
  readonly note: Note;
  /** What the note says. Not verified. */
  readonly head: Checkpoint;
}

/** @throws TlogError `argument_invalid`; what `parseNote` and `parseCheckpoint` throw where the checkpoint is none */
export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): Uint8Array {
  if (!isCount(oldSize)) throw new TlogError('argument_invalid', 'a size is a whole number from 0 to 2^53 − 1');
  parseCheckpoint(parseNote(checkpoint).text);
  const bytes = concatBytes(utf8.decode(`old ${oldSize}\n${formatProofLines(proof)}\n`), checkpoint);
  if (bytes.length > MAX_ADD_CHECKPOINT_BYTES) {
    throw new TlogError('argument_invalid', `a request has at most ${MAX_ADD_CHECKPOINT_BYTES} bytes`);
  }
  return bytes;
}

/**
 * Reads the body of an add-checkpoint request. Whatever it throws is answered with 400.
 * @throws TlogError `add_checkpoint_malformed`; what `parseNote` and `parseCheckpoint` throw
 */
export function parseAddCheckpoint(bytes: Uint8Array): ParsedAddCheckpoint {
  if (bytes.length > MAX_ADD_CHECKPOINT_BYTES) throw malformed('it is too long');
  const parts = splitAtCheckpoint(bytes);
  if (parts === null) throw malformed('no checkpoint follows an empty line');
  const [first = '', ...rest] = parts.lines;
  const oldSize = first.startsWith('old ') ? parseDecimal(first.slice('old '.length)) : null;
  if (oldSize === null) throw malformed('the first line has no old size below 2^53');
  const proof = parseProofLines(rest);
  if (proof === null) throw malformed('a line of the proof is not a hash, or there are too many');
  return { oldSize, proof, checkpoint: parts.checkpoint, note: parts.note, head: parts.head };
}

function malformed(why: string): TlogError {
  return new TlogError('add_checkpoint_malformed', `not an add-checkpoint request: ${why}`);
}
