import { concatBytes } from '@noble/hashes/utils.js';
import { base64, utf8 } from '@scure/base';
import { parseCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts';
import { isCount, parseDecimal } from '../decimal.ts';
import { TlogError } from '../errors.ts';
import { MAX_TLOG_PROOF_BYTES } from '../limits.ts';
import type { Note } from '../note/note.ts';
import { parseNote } from '../note/parse-note.ts';
import { formatProofLines, parseProofLines, splitAtCheckpoint } from './proof-lines.ts';

/** That an entry stands in a log, to be verified without the log (C2SP tlog-proof, "Format"). */
export interface TlogProof {
  /** What the application needs besides; nothing vouches for it. At least one byte, or null. */
  readonly extra: Uint8Array | null;
  /** 0-based, of the entry. */
  readonly index: number;
  /** What `verifyInclusion` takes. */
  readonly proof: readonly Uint8Array[];
  /** The bytes of the signed note. */
  readonly checkpoint: Uint8Array;
}

export interface ParsedTlogProof extends TlogProof {
  readonly note: Note;
  /** What the note says. Not verified. */
  readonly head: Checkpoint;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';

/**
 * The bytes of a `.tlog-proof` file.
 * @throws TlogError `argument_invalid`; what `parseNote` and `parseCheckpoint` throw where the checkpoint is none
 */
export function formatTlogProof({ extra, index, proof, checkpoint }: TlogProof): Uint8Array {
  if (!isCount(index)) throw new TlogError('argument_invalid', 'an index is a whole number from 0 to 2^53 − 1');
  if (extra?.length === 0) throw new TlogError('argument_invalid', 'extra data has at least one byte, or is null');
  parseCheckpoint(parseNote(checkpoint).text);
  const extraLine = extra === null ? '' : `extra ${base64.encode(extra)}\n`;
  const lines = `${FIRST_LINE}\n${extraLine}index ${index}\n${formatProofLines(proof)}\n`;
  const bytes = concatBytes(utf8.decode(lines), checkpoint);
  if (bytes.length > MAX_TLOG_PROOF_BYTES) {
    throw new TlogError('argument_invalid', `a proof has at most ${MAX_TLOG_PROOF_BYTES} bytes`);
  }
  return bytes;
}

/**
 * Reads a proof; `verifyTlogProof` says whether it proves anything. `formatTlogProof` gives the same bytes back.
 * @throws TlogError `proof_malformed`; what `parseNote` and `parseCheckpoint` throw
 */
export function parseTlogProof(bytes: Uint8Array): ParsedTlogProof {
  if (bytes.length > MAX_TLOG_PROOF_BYTES) throw malformed('it is too long');
  const parts = splitAtCheckpoint(bytes);
  if (parts === null) throw malformed('no checkpoint follows an empty line');
  const [first, ...rest] = parts.lines;
  if (first !== FIRST_LINE) throw malformed('the first line is another');
  const extraLine = rest[0]?.startsWith('extra ') === true ? rest.shift() : undefined;
  const extra = extraLine === undefined ? null : parseExtra(extraLine);
  const indexLine = rest.shift() ?? '';
  const index = indexLine.startsWith('index ') ? parseDecimal(indexLine.slice('index '.length)) : null;
  if (index === null) throw malformed('no index below 2^53 stands where it should');
  const proof = parseProofLines(rest);
  if (proof === null) throw malformed('a line of the path is not a hash, or there are too many');
  return { extra, index, proof, checkpoint: parts.checkpoint, note: parts.note, head: parts.head };
}

function parseExtra(line: string): Uint8Array {
  const encoded = line.slice('extra '.length);
  try {
    const bytes = base64.decode(encoded);
    if (bytes.length > 0) return bytes;
  } catch (cause) {
    throw malformed('the extra data is not canonical base64', { cause });
  }
  throw malformed('the extra data is empty');
}

function malformed(why: string, options?: ErrorOptions): TlogError {
  return new TlogError('proof_malformed', `not a tlog-proof: ${why}`, options);
}
