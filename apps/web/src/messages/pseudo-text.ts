/** English as the made-up language writes it (`pseudo.ts`). */
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
  return `[${accented(text)}${'·'.repeat(Math.ceil(text.length * 0.4))}]`;
}

/** As it stands between the brackets. */
export function accented(text: string): string {
  return Array.from(text, (character) => ACCENTS[character] ?? character).join('');
}
