import { concatBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { TlogError } from '../errors.ts';
import { isKeyName } from './key-name.ts';
import type { NoteSignature } from './note.ts';

const KEY_ID_BYTES = 4;

/**
 * `— name base64(key id ‖ signature)` without its newline (C2SP signed-note, "Signatures").
 * @throws TlogError `note_malformed`
 */
export function parseSignatureLine(line: string): NoteSignature {
  const [dash, keyName, encoded, ...more] = line.split(' ');
  if (dash !== '\u2014' || keyName === undefined || encoded === undefined || more.length > 0) {
    throw malformed('a signature line has not three parts');
  }
  if (!isKeyName(keyName)) throw malformed('a key name has white space or a plus sign');
  const blob = decodeBlob(encoded);
  if (blob.length <= KEY_ID_BYTES) throw malformed('a signature is empty');
  return {
    keyName,
    keyId: new DataView(blob.buffer, blob.byteOffset).getUint32(0),
    signature: blob.slice(KEY_ID_BYTES),
  };
}

/**
 * The line with its newline.
 * @throws TlogError `argument_invalid`
 */
export function formatSignatureLine({ keyName, keyId, signature }: NoteSignature): string {
  if (!isKeyName(keyName)) throw new TlogError('argument_invalid', 'this name cannot stand in a signature line');
  if (keyId !== keyId >>> 0) throw new TlogError('argument_invalid', 'a key id is an unsigned 32-bit number');
  if (signature.length === 0) throw new TlogError('argument_invalid', 'a signature has at least one byte');
  const id = new Uint8Array(KEY_ID_BYTES);
  new DataView(id.buffer).setUint32(0, keyId);
  return `\u2014 ${keyName} ${base64.encode(concatBytes(id, signature))}\n`;
}

function decodeBlob(encoded: string): Uint8Array {
  try {
    return base64.decode(encoded);
  } catch (cause) {
    throw malformed('a signature is not canonical base64', { cause });
  }
}

function malformed(why: string, options?: ErrorOptions): TlogError {
  return new TlogError('note_malformed', `not a signed note: ${why}`, options);
}
