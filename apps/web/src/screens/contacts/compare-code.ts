/** The twelve words as a code: each side reads the other's screen. No secret; who sees it learns what may be said aloud. */
const BEGINNING = 'LATCHKEY-WORDS';

/** @returns null where what was read is no such code */
export function compareCode(words: readonly string[], read: string | null): 'same' | 'differ' | null {
  if (read === null || !read.startsWith(`${BEGINNING} `)) return null;
  return read === codeOfWords(words) ? 'same' : 'differ';
}

export function codeOfWords(words: readonly string[]): string {
  return [BEGINNING, ...words].join(' ');
}
