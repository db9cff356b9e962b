/** docs/orders.md says nothing that no test shows: each row has the test that shows it, or an empty cell. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const rows = readFileSync(join(root, 'docs/orders.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map(cells);
const orders = rows.slice(2);

/** What the page owes, whatever the words of a row are. */
const kinds = [
  /hand over a mailbox/,
  /hand over a key/,
  /add a key/,
  /reset an account/,
  /record from now on/,
  /log network addresses/,
  /preserve/,
  /keep silent/,
  /ship an update/,
  /move the data/,
  /name the sender/,
];

test('there is a row for each kind of order', () => {
  assert.deepEqual(rows[0], ['order', 'what fails', 'who notices', 'how fast', 'shown by']);
  for (const kind of kinds)
    assert.ok(
      orders.some(([order = '']) => kind.test(order)),
      String(kind),
    );
  for (const row of orders) {
    assert.equal(row.length, 5, row[0]);
    assert.ok(
      row.every((cell) => cell !== ''),
      `${row[0]}: an empty cell is shown as a dash`,
    );
  }
});

test('each test that a row names is there', () => {
  let named = 0;
  for (const [order, , , , shownBy = ''] of orders) {
    if (shownBy === '—') continue;
    const [, file = '', name = ''] = /^`([^`]+\.test\.ts)` › (.+)$/.exec(shownBy) ?? [];
    assert.ok(existsSync(join(root, file)), `${order}: there is no ${file}`);
    const text = readFileSync(join(root, file), 'utf8');
    assert.ok(text.includes(`test('${name}'`), `${order}: ${file} has no test "${name}"`);
    named += 1;
  }
  assert.ok(named > 0);
});
