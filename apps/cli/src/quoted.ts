/** A word from outside for a message: short and without control characters. */
export function quoted(word: string): string {
  const plain = word.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?');
  return `'${plain.length > 60 ? `${plain.slice(0, 60)}…` : plain}'`;
}
