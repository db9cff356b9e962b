import type { Plugin } from 'vite';

/** `const name = /…/u;`, one a line: tr46's own file. */
const RULE = /^const (\w+) = \/(.*)\/u;$/gm;
const CLASS = /\[((?:[^\]\\]|\\.)*)\]/g;
/** A letter as it is, or escaped as `\0`, `\x08`, `\u0300`, `\u{10FFFF}`, `\[`. */
const POINT = /\\u\{([0-9A-F]+)\}|\\u([0-9A-F]{4})|\\x([0-9A-F]{2})|\\(0)|\\?([^])/uy;

/**
 * Twelve rules say in 72 kB which letters they are about, mostly the same ones. Here each run of letters that all rules
 * treat alike stands once: its length, and a letter for the classes that it is in.
 */
export function compactDomainClasses(text: string): string {
  const classes: (readonly (readonly [first: number, last: number])[])[] = [];
  const rules = [...text.matchAll(RULE)].map(([, name = '', rule = '']) => {
    const parts = rule.replaceAll(CLASS, (_whole, inside: string) => `\0${classes.push(rangesOf(inside)) - 1}\0`);
    return [name, parts.split('\0')] as const;
  });
  const edges = [...new Set(classes.flat().flatMap(([first, last]) => [first, last + 1]))].toSorted((a, b) => a - b);
  const kinds: string[] = [];
  const runs = edges.map((edge, index) => {
    const kind = classes
      .flatMap((ranges, at) => (ranges.some(([first, last]) => first <= edge && edge <= last) ? [at.toString(36)] : []))
      .join('');
    if (!kinds.includes(kind)) kinds.push(kind);
    return [edge - (edges[index - 1] ?? 0), kinds.indexOf(kind)] as const;
  });
  return `const kinds = ${JSON.stringify(kinds)};
const kindOf = '${runs.map(([, kind]) => String.fromCharCode(FIRST_KIND + kind)).join('')}';
const classes = Array.from({ length: ${classes.length} }, () => '');
let first = 0;
const steps = '${runs.map(([step]) => step.toString(36)).join(' ')}'.split(' ');
steps.forEach((step, at) => {
  first += parseInt(step, 36);
  const next = first + parseInt(steps[at + 1] ?? '0', 36);
  const letter = (point) => '\\\\u{' + point.toString(16) + '}';
  for (const name of kinds[kindOf.charCodeAt(at) - ${FIRST_KIND}]) classes[parseInt(name, 36)] += letter(first) + '-' + letter(next - 1);
});
const rule = (parts) => new RegExp(parts.map((part, at) => at % 2 ? '[' + classes[part] + ']' : part).join(''), 'u');
${rules.map(([name, parts]) => `exports.${name} = rule(${JSON.stringify(parts)});`).join('\n')}
`;
}

const FIRST_KIND = 0x40;

function rangesOf(inside: string): (readonly [first: number, last: number])[] {
  const ranges: (readonly [first: number, last: number])[] = [];
  POINT.lastIndex = 0;
  while (POINT.lastIndex < inside.length) {
    const first = pointAt(inside);
    const isRange = inside[POINT.lastIndex] === '-' && POINT.lastIndex + 1 < inside.length;
    if (isRange) POINT.lastIndex += 1;
    ranges.push([first, isRange ? pointAt(inside) : first]);
  }
  return ranges;
}

function pointAt(inside: string): number {
  const [, ...forms] = POINT.exec(inside) ?? [];
  const [long, short, byte, zero, letter] = forms;
  const hex = long ?? short ?? byte;
  const point = hex === undefined ? (zero === undefined ? letter?.codePointAt(0) : 0) : Number.parseInt(hex, 16);
  if (point === undefined) throw new Error('a class of the rules of domains cannot be read');
  return point;
}

export function compactDomainClassesPlugin(): Plugin {
  return {
    name: 'latchkey-compact-domain-classes',
    transform: {
      filter: { id: /\/tr46\/lib\/regexes\.js$/ },
      order: 'pre',
      handler: (text) => ({ code: compactDomainClasses(text), map: null }),
    },
  };
}
