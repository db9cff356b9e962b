/** The table of README.md says what is tried: every name of the design, and a test of that name in each file named. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EQUIVOCATIONS } from './equivocations.ts';
import { FAULTS } from './faults.ts';

/** In the order of the design. */
const NAMES: readonly string[] = [
  'fork of the same size',
  'inconsistent larger tree',
  'rollback',
  'freeze',
  'too few witnesses',
  'one witness under two names',
  'auditor missing',
  'foreign VRF',
  'VRF for another address',
  'wrong opening',
  'stale version',
  'extra position',
  'reordered positions',
  'map root not from replay',
  'map flip and flip back',
  'embedded checkpoint inconsistent',
  'index leaf not last',
  'unsigned ghost version',
  'reset without recovery signature',
  'reset before the hold',
  'reset after a veto',
  'genesis twice',
  're-issue shown as rotation',
  'second VRF key',
  'weakened recovery used at once',
  'bad tile / partial tile',
  'key log forked between index leaves',
  'extension line',
  'key-id collision with a bad signature',
  'gossip mismatch',
];
/** Between two people, not between a reader and the server: tried where the table says. */
const BETWEEN_PEOPLE: ReadonlySet<string> = new Set(['gossip mismatch']);

const root = join(import.meta.dirname, '../../../..');
const rows = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, name = '', witnessed = '', alone = '', also = '']) => ({ name, witnessed, alone, also }))
  .slice(2);

test('every equivocation of the design has a row, and every row is tried', () => {
  assert.deepEqual(
    rows.map(({ name }) => name),
    NAMES,
  );
  assert.deepEqual(
    EQUIVOCATIONS.map(({ name }) => name).toSorted(),
    NAMES.filter((name) => !BETWEEN_PEOPLE.has(name)).toSorted(),
  );
  for (const { name, kinds } of EQUIVOCATIONS) {
    const row = rows.find((each) => each.name === name);
    assert.equal(row?.witnessed === '—', !kinds.includes('witnessed'), name);
    assert.equal(row?.alone === '—', !kinds.includes('alone'), name);
  }
});

test('where the table names a file, it has a test of that name', () => {
  for (const { name, also } of rows) {
    if (also === '') {
      assert.ok(!BETWEEN_PEOPLE.has(name), name);
      continue;
    }
    const file = join(root, also.replaceAll('`', ''));
    assert.ok(existsSync(file), also);
    const titles = [...readFileSync(file, 'utf8').matchAll(/^ *test\(\s*['`](.*)['`],/gm)].map(
      ([, title = '']) => title,
    );
    assert.ok(
      titles.some((title) => plain(title).includes(plain(name))),
      `${also} has no test of ${name}`,
    );
  }
});

test('every fault of the random runs can be planted where it says, once', () => {
  for (const { name, file, was, now } of FAULTS) {
    const parts = readFileSync(join(root, file), 'utf8').split(was);
    assert.equal(parts.length, 2, name);
    assert.notEqual(was, now);
  }
});

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z]+/g, ' ');
}
