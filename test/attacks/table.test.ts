/** README.md has a row for each attack, and an attack for each row. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { explanations } from '../../apps/cli/src/explain-error.ts';
import { attackRows } from './attack-rows.ts';

/** What is said about a message, or a device, and not by an error. */
const verdicts: ReadonlySet<string> = new Set([
  'damaged',
  'not_for_me',
  'invalid',
  'passed_on',
  'wrong_key',
  'retiredKey',
  'late',
  'inconsistent',
  'otherHead',
  'twoLogs',
  'missingBefore',
  'left',
  'firstUse',
  'foreign',
  'forgedHeads',
]);

test('the rows of each table are the attacks of its test file', () => {
  const files = globSync('*.test.ts', { cwd: import.meta.dirname }).filter((file) => file !== 'table.test.ts');
  const made = files.flatMap((file) => {
    const source = readFileSync(join(import.meta.dirname, file), 'utf8');
    return [...source.matchAll(/^attack\(\s*'([^']+)'/gm)].map(
      ([, name]) => `${file.replace('.test.ts', '')}: ${name}`,
    );
  });
  assert.ok(made.length > 50);
  assert.equal(new Set(made).size, made.length);
  const rows = attackRows().map(({ group, attack }) => `${group}: ${attack}`);
  assert.deepEqual(rows.toSorted(), made.toSorted());
});

test('every row says by whom, with which message and why', () => {
  for (const { attack, outcome, by, told, why } of attackRows()) {
    assert.ok(why.endsWith('.'), attack);
    if (outcome === 'harmless') continue;
    assert.equal(outcome, 'detected', attack);
    assert.ok(by.length > 2 && told.length > 0, attack);
  }
});

test('for every code that somebody is told there is a sentence', () => {
  const codes = attackRows().flatMap(({ told }) => told);
  for (const code of codes) assert.ok(verdicts.has(code) || Object.hasOwn(explanations, code), code);
});
