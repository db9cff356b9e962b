import { utf8 } from '@scure/base';
import { TlogError } from '../errors.ts';
import { MAX_NOTE_BYTES, MAX_NOTE_SIGNATURES } from '../limits.ts';
import { hasControlCharacter } from './has-control-character.ts';
import type { Note } from './note.ts';
import { parseSignatureLine } from './signature-line.ts';

/**
 * Reads a signed note (C2SP signed-note, "Format"). What comes back is unverified: show nothing of it before
 * `verifyNote` has spoken. `formatNote` gives the same bytes back.
 * @throws TlogError `note_malformed`, `note_too_large`, `note_signatures_too_many`
 */
export function parseNote(bytes: Uint8Array): Note {
  if (bytes.length > MAX_NOTE_BYTES)
    throw new TlogError('note_too_large', `a note has at most ${MAX_NOTE_BYTES} bytes`);
  const whole = decodeText(bytes);
  if (hasControlCharacter(whole)) throw malformed('it has a control character');
  // The last blank line counts: the text may have blank lines, and lines that look like signatures, before it.
  const blank = whole.lastIndexOf('\n\n');
  if (blank === -1) throw malformed('no blank line stands before the signatures');
  const block = whole.slice(blank + 2);
  if (!block.endsWith('\n')) throw malformed('the signatures do not end with a newline');
  const lines = block.slice(0, -1).split('\n', MAX_NOTE_SIGNATURES + 1);
  if (lines.length > MAX_NOTE_SIGNATURES) {
    throw new TlogError('note_signatures_too_many', `a note has at most ${MAX_NOTE_SIGNATURES} signatures`);
  }
  return { text: whole.slice(0, blank + 1), signatures: lines.map(parseSignatureLine) };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.encode(bytes);
  } catch (cause) {
    throw malformed('it is not UTF-8', { cause });
  }
}

function malformed(why: string, options?: ErrorOptions): TlogError {
  return new TlogError('note_malformed', `not a signed note: ${why}`, options);
}
