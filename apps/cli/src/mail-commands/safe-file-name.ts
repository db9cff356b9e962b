import { graphemes } from '../graphemes.ts';

const maxBytes = 200;

/** A name in this folder, from a name that somebody else chose: no way out of the folder, nothing hidden or unseen. */
export function safeFileName(name: string, index: number): string {
  const plain = name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/^[.\s-]+|[.\s]+$/g, '');
  const short = cutToBytes(plain);
  return short === '' ? `attachment-${index + 1}` : short;
}

/** Keeps the ending, which says what it is. */
function cutToBytes(name: string): string {
  if (Buffer.byteLength(name) <= maxBytes) return name;
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
  let stem = graphemes(name.slice(0, name.length - ending.length));
  while (Buffer.byteLength(stem.join('')) > maxBytes - ending.length) stem = stem.slice(0, -1);
  return stem.join('') + ending;
}
