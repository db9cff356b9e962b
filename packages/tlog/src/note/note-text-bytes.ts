import { utf8 } from '@scure/base';
import { TlogError } from '../errors.ts';
import { hasControlCharacter } from './has-control-character.ts';

/**
 * What a key signs: the UTF-8 of the text with its last newline (C2SP signed-note, "Format").
 * @throws TlogError `argument_invalid` for a text that no note can carry
 */
export function noteTextBytes(text: string): Uint8Array {
  if (!text.endsWith('\n')) throw new TlogError('argument_invalid', 'the text of a note ends with a newline');
  if (!text.isWellFormed()) throw new TlogError('argument_invalid', 'the text has half of a surrogate pair');
  if (hasControlCharacter(text)) throw new TlogError('argument_invalid', 'the text has a control character');
  return utf8.decode(text);
}
