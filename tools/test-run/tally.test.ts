import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { it } from 'node:test';

it('counts leaves: what passed, what failed, and what was skipped with its reason', () => {
  // A run inside a run does not report; the inner one is a process that does not know of the outer.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const done = spawnSync(process.execPath, [join(import.meta.dirname, 'fixtures/tally-of-mixed.ts')], {
    encoding: 'utf8',
    env,
  });
  assert.deepEqual(JSON.parse(done.stdout), {
    passed: 2,
    failed: 1,
    skipped: [
      { file: 'mixed.test.mjs', name: 'is skipped with a reason', reason: 'gpg is not installed' },
      { file: 'mixed.test.mjs', name: 'is skipped without a reason', reason: 'no reason was given' },
      { file: 'mixed.test.mjs', name: 'is put off', reason: 'later' },
    ],
    seconds: ['mixed.test.mjs'],
  });
});
