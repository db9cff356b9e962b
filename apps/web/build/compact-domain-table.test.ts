import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { compactDomainTable, type DomainTable } from './compact-domain-table.ts';

const protocol = createRequire(new URL('../../../packages/protocol/package.json', import.meta.url));
const text = readFileSync(protocol.resolve('tr46/lib/mappingTable.json'), 'utf8');

function expanded(code: string): unknown {
  const module: { exports: unknown } = { exports: null };
  runInNewContext(code, { module });
  // Arrays of another realm are not the arrays of this one.
  return JSON.parse(JSON.stringify(module.exports));
}

test('the table that the browser makes is the table of tr46, to the last letter', () => {
  const table = JSON.parse(text) as DomainTable;
  const code = compactDomainTable(table);
  assert.deepEqual(expanded(code), table);
  assert.ok(code.length < text.length / 2, `${code.length} of ${text.length}`);
});

test('a table with a gap is refused', () => {
  assert.throws(
    () =>
      compactDomainTable([
        [[0, 4], 2],
        [6, 2],
      ]),
    /gap before 6/,
  );
});
