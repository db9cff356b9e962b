/** A language made out of English, to find what is cut off, put together or forgotten. */
import { en, type Messages } from './en.ts';

const ACCENTS: Readonly<Record<string, string>> = {
  a: 'á',
  c: 'ç',
  e: 'é',
  i: 'î',
  l: 'ļ',
  n: 'ñ',
  o: 'ö',
  r: 'ŕ',
  s: 'š',
  u: 'ü',
  y: 'ý',
  A: 'Å',
  C: 'Ç',
  E: 'É',
  I: 'Î',
  L: 'Ļ',
  N: 'Ñ',
  O: 'Ö',
  R: 'Ŕ',
  S: 'Š',
  U: 'Û',
  Y: 'Ý',
};

/** Two fifths longer, as German and Finnish are; brackets show where a text begins and ends. */
export function pseudoText(text: string): string {
  if (text === '') return text;
  const accented = Array.from(text, (character) => ACCENTS[character] ?? character).join('');
  return `[${accented}${'·'.repeat(Math.ceil(text.length * 0.4))}]`;
}

type Node = string | ((...values: never[]) => string) | readonly Node[] | { readonly [key: string]: Node };

function pseudo(node: Node): Node {
  if (typeof node === 'string') return pseudoText(node);
  if (typeof node === 'function') return (...values: never[]) => pseudoText(node(...values));
  if (Array.isArray(node)) return node.map(pseudo);
  return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, pseudo(each)]));
}

export const pseudoMessages: Messages = pseudo(en) as unknown as Messages;
