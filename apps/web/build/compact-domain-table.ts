import type { Plugin } from 'vite';

/** A code point or the first and last of a run, its status, and what it becomes (tr46's own shape; UTS 46, section 5). */
export type DomainTable = readonly (readonly [
  points: number | readonly [first: number, last: number],
  status: number,
  mapping?: string,
])[];

/** Runs follow each other without gaps, so lengths and statuses say the rest: two fifths of the table, compressed. */
export function compactDomainTable(table: DomainTable): string {
  let next = 0;
  const lengths: string[] = [];
  const mappings: (string | 0)[] = [];
  for (const [points, , mapping] of table) {
    const [first, last] = typeof points === 'number' ? [points, points] : points;
    if (first !== next) throw new Error(`the table of domains has a gap before ${first}`);
    lengths.push((last - first).toString(36));
    mappings.push(mapping ?? 0);
    next = last + 1;
  }
  const statuses = table.map(([, status]) => status).join('');
  return `let next = 0;
const statuses = '${statuses}';
const mappings = ${JSON.stringify(mappings.filter((mapping) => mapping !== 0))};
const mapped = '${mappings.map((mapping) => (mapping === 0 ? 0 : 1)).join('')}';
let taken = 0;
module.exports = '${lengths.join(' ')}'.split(' ').map((length, at) => {
  const first = next;
  const last = first + parseInt(length, 36);
  next = last + 1;
  const row = [first === last ? first : [first, last], Number(statuses[at])];
  if (mapped[at] === '1') row.push(mappings[taken++]);
  return row;
});
`;
}

/** tr46 brings its table as JSON of 143 kB: the largest thing between a person and the inbox. */
export function compactDomainTablePlugin(): Plugin {
  return {
    name: 'latchkey-compact-domain-table',
    transform: {
      filter: { id: /\/tr46\/lib\/mappingTable\.json$/ },
      order: 'pre',
      handler: (text) => ({
        code: compactDomainTable(JSON.parse(text) as DomainTable),
        moduleType: 'js',
        map: null,
      }),
    },
  };
}
