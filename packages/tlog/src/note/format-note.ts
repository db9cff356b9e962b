import { concatBytes } from '@noble/hashes/utils.js';
import { utf8 } from '@scure/base';
import { TlogError } from '../errors.ts';
import { MAX_NOTE_BYTES, MAX_NOTE_SIGNATURES } from '../limits.ts';
import { noteTextBytes } from './note-text-bytes.ts';
import type { Note } from './note.ts';
import { formatSignatureLine } from './signature-line.ts';

/**
 * The bytes of a signed note (C2SP signed-note, "Format"): the text, a blank line, the signature lines in their order.
 * @throws TlogError `argument_invalid` where no `parseNote` would take the result
 */
export function formatNote(note: Note): Uint8Array {
  const text = noteTextBytes(note.text);
  if (note.signatures.length === 0) throw new TlogError('argument_invalid', 'a note has at least one signature');
  if (note.signatures.length > MAX_NOTE_SIGNATURES) {
    throw new TlogError('argument_invalid', `a note has at most ${MAX_NOTE_SIGNATURES} signatures`);
  }
  const lines = note.signatures.map(formatSignatureLine).join('');
  const bytes = concatBytes(text, utf8.decode(`\n${lines}`));
  if (bytes.length > MAX_NOTE_BYTES) {
    throw new TlogError('argument_invalid', `a note has at most ${MAX_NOTE_BYTES} bytes`);
  }
  return bytes;
}
