import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { utf8 } from '@scure/base';
import { isCount, parseDecimal } from '../decimal.ts';
import { TlogError } from '../errors.ts';
import { MAX_ADD_CHECKPOINT_BYTES, MAX_NOTE_SIGNATURES } from '../limits.ts';
import type { NoteSignature } from '../note/note.ts';
import { formatSignatureLine, parseSignatureLine } from '../note/signature-line.ts';

/** Of a 409 whose body is a size (C2SP tlog-witness, "add-checkpoint"). */
export const SIZE_CONTENT_TYPE = 'text/x.tlog.size';

/**
 * The body of a 200: the witness's cosignature lines.
 * @throws TlogError `argument_invalid`
 */
export function formatCosignatures(lines: readonly NoteSignature[]): Uint8Array {
  if (lines.length < 1 || lines.length > MAX_NOTE_SIGNATURES) {
    throw new TlogError('argument_invalid', `an answer has 1 to ${MAX_NOTE_SIGNATURES} cosignatures`);
  }
  return utf8.decode(lines.map(formatSignatureLine).join(''));
}

/**
 * The lines of a witness's answer. Add them to the checkpoint (`withSignatures`) only after they verify there.
 * @throws TlogError `cosignature_malformed`, `note_malformed`
 */
export function parseCosignatures(bytes: Uint8Array): NoteSignature[] {
  if (bytes.length > MAX_ADD_CHECKPOINT_BYTES) throw malformed('it is too long');
  const text = decodeText(bytes);
  if (!text.endsWith('\n')) throw malformed('it does not end with a newline');
  const lines = text.slice(0, -1).split('\n', MAX_NOTE_SIGNATURES + 1);
  if (lines.length > MAX_NOTE_SIGNATURES) throw malformed('it has too many lines');
  return lines.map(parseSignatureLine);
}

/** The body of a 409 that tells the size which the witness has cosigned last. */
export function formatSizeAnswer(size: number): string {
  if (!isCount(size)) throw new TlogError('argument_invalid', 'a size is a whole number from 0 to 2^53 − 1');
  return `${size}\n`;
}

/** The size in the body of a 409; null where there is none, as in a 409 for another root. */
export function parseSizeAnswer(text: string): number | null {
  return text.endsWith('\n') ? parseDecimal(text.slice(0, -1)) : null;
}

/** Where a witness shows its newest checkpoint of a log, below its monitoring prefix. */
export function witnessCheckpointPath(origin: string): string {
  return `${bytesToHex(sha256(utf8.decode(origin)))}/checkpoint`;
}

function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.encode(bytes);
  } catch (cause) {
    throw malformed('it is not UTF-8', { cause });
  }
}

function malformed(why: string, options?: ErrorOptions): TlogError {
  return new TlogError('cosignature_malformed', `not the answer of a witness: ${why}`, options);
}
