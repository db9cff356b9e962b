// The lists of this tool against the tree as it is, without running a mutant: a renamed file or a changed line shows
// in `npm test`, not weeks later in `npm run mutate`.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { listWork } from './mutate-targets.ts';
import { readReviewed, reviewOf } from './reviewed.ts';
import { readTargets } from './targets.ts';

const root = join(import.meta.dirname, '../..');

test('every target finds files, and every reviewed mutant is there', () => {
  const targets = readTargets(root, 'tools/mutate/targets.json');
  const work = listWork({ root, targets });
  for (const target of targets) {
    const ours = work.filter(({ at }) => at.target === target).flatMap(({ mutants }) => mutants);
    assert.ok(ours.length > 0, `target ${target.name} has no mutant`);
  }
  for (const entry of readReviewed(root, 'tools/mutate/reviewed.json')) {
    const { mutants } = work.find(({ at }) => at.file === entry.file) ?? { mutants: [] };
    const found = mutants.some((mutant) => reviewOf(mutant, mutants, [entry]) !== null);
    assert.ok(found, `${entry.file}: no mutant "${entry.was} → ${entry.now}" in the line: ${entry.line}`);
  }
});
