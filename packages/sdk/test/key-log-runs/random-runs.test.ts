import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAULTS } from './faults.ts';
import { driveRandomRuns } from './random-runs.ts';

test('whatever an operator says, and when, nobody takes a false key; the truth is taken', async () => {
  await driveRandomRuns({ runs: 100, commands: 12 });
});

// The others, which need more runs, in random-runs.soak.ts.
for (const name of ['no quorum is asked for', 'a commitment commits to nothing']) {
  test(`a client with a fault is found: ${name}`, () => {
    assert.ok(FAULTS.some((fault) => fault.name === name));
    const program = join(import.meta.dirname, 'drive-with-fault.ts');
    const { stdout, stderr } = spawnSync(process.execPath, [program, name, '300'], { encoding: 'utf8' });
    assert.match(stdout, /^found Property failed/, stderr);
  });
}
