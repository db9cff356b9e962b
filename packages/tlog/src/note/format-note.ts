import { concatBytes } from '@noble/hashes/utils.js';
import { base64, utf8 } from '@scure/base';
import { TlogError } from '../errors.ts';
import { MAX_NOTE_BYTES, MAX_NOTE_SIGNATURES } from '../limits.ts';
import { isKeyName } from './key-name.ts';
import { noteTextBytes } from './note-text-bytes.ts';
import type { Note, NoteSignature } from './note.ts';

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

function formatSignatureLine({ keyName, keyId, signature }: NoteSignature): string {
  if (!isKeyName(keyName)) throw new TlogError('argument_invalid', 'this name cannot stand in a signature line');
  if (keyId !== keyId >>> 0) throw new TlogError('argument_invalid', 'a key id is an unsigned 32-bit number');
  if (signature.length === 0) throw new TlogError('argument_invalid', 'a signature has at least one byte');
  const id = new Uint8Array(4);
  new DataView(id.buffer).setUint32(0, keyId);
  return `\u2014 ${keyName} ${base64.encode(concatBytes(id, signature))}\n`;
}
