/**
 * Every parser under changed inputs: taken, and then written back as it was read, or refused with a listed code, soon,
 * and in memory that does not grow. A few milliseconds each here; `LATCHKEY_FUZZ_SECONDS=60` for a minute each.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fuzzFor } from '../../packages/testkit/src/index.ts';
import { drivenInRooms, notDriven, ownTargets, roomTargets } from './parser-list.ts';

const root = join(import.meta.dirname, '../..');
const given = process.env['LATCHKEY_FUZZ_SECONDS'];
const forMs = given === undefined ? 25 : Number(given) * 1_000;
const seed = Number(process.env['LATCHKEY_SOAK_SEED'] ?? Date.now() % 0xffff_ffff);
/** Collected or not: a parser that keeps what it was given is above it in a minute, one that explodes at once. */
const MOST_GROWTH_BYTES = 400_000_000;

function parsersOfSources(): ReadonlySet<string> {
  const files = globSync(['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'], { cwd: root });
  const declared = /^\s*(?:export )?(?:async )?(?:function\*? (\w+)|const (\w+) = (?:async )?\()/;
  const found = new Set<string>();
  for (const file of files.filter((each) => !each.endsWith('.test.ts') && !each.includes('testkit'))) {
    for (const line of readFileSync(join(root, file), 'utf8').split('\n')) {
      const [, name = '', other = name] = declared.exec(line) ?? [];
      if (/^(parse|decode)(d|dOrNull|dFrom)?([A-Z]\w*)?$/.test(other)) found.add(`${file}#${other}`);
    }
  }
  return found;
}

test('the list names every parser of the sources, and no other', () => {
  const driven = new Set([...ownTargets.flatMap(({ drives }) => drives), ...Object.values(drivenInRooms).flat()]);
  const listed = new Set([...driven, ...Object.keys(notDriven)]);
  const found = parsersOfSources();
  assert.deepEqual(
    [...found].filter((each) => !listed.has(each)).toSorted(),
    [],
    'give each a target in test/untrusted',
  );
  assert.deepEqual([...listed].filter((each) => !found.has(each)).toSorted(), [], 'these are gone');
  assert.deepEqual(
    Object.keys(notDriven).filter((each) => driven.has(each)),
    [],
  );
  const rooms = new Set(roomTargets.map(({ name }) => name));
  for (const name of Object.keys(drivenInRooms)) assert.ok(rooms.has(name), name);
});

test('every parser takes what is good, refuses the rest with a listed code, soon, and keeps nothing', async () => {
  for (const target of [...ownTargets, ...roomTargets]) {
    const before = process.memoryUsage().rss;
    const { taken, runs } = await fuzzFor(target, { forMs, mostRuns: Number.POSITIVE_INFINITY, seed });
    const grownBytes = process.memoryUsage().rss - before;
    assert.ok(runs > 0 && grownBytes < MOST_GROWTH_BYTES, `${target.name}: ${grownBytes} bytes more`);
    // A target whose good inputs are refused tests the first line of its parser alone.
    if (!FEW_TAKEN.has(target.name)) assert.ok(taken > 0, `${target.name} took none of ${runs}`);
  }
});

/** Good ones of these need signatures, and are in the tests of their rooms. */
const FEW_TAKEN: ReadonlySet<string> = new Set(['pin']);
