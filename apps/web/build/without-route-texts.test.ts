import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROUTES } from '@latchkey/protocol/wire';
import { withoutRouteTexts } from './without-route-texts.ts';

const folder = join(import.meta.dirname, '../../../packages/protocol/src/wire/routes');

test('of each route only its two texts are left out, and of all routes', () => {
  const sources = globSync('*.ts', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'));
  const left = sources.map(withoutRouteTexts);
  const routes = Object.keys(ROUTES).length;
  const count = (what: RegExp): number => left.join('\n').match(what)?.length ?? 0;
  assert.equal(count(/ {2}summary: '',/g), routes);
  // Some share one text by its name.
  assert.equal(count(/ {2}changedServerLearns: (''|\w+),/g), routes);
  for (const { summary } of Object.values(ROUTES)) assert.ok(!left.join('\n').includes(summary));
  // Line by line nothing else is another one.
  const isText = (line: string): boolean => /^ {2}(summary|changedServerLearns):|^ {4}['"`].*['"`],$/.test(line);
  const others = (text: string): readonly string[] => text.split('\n').filter((line) => !isText(line));
  assert.deepEqual(left.flatMap(others), sources.flatMap(others));
});
