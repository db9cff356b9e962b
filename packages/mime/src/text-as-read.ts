import { linesOf } from './lines-of.ts';

/**
 * What `parseMessage` gives as the text of a message that `composeMessage` made of this one. For whoever has just written
 * it, and would read 25 MiB to know their beginning.
 */
export function textAsRead(text: string): string {
  // Readers take the mark away that says how the bytes of a word are ordered.
  return linesOf(text.startsWith('\ufeff') ? text.slice(1) : text);
}
