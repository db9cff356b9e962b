/**
 * 10,000 random runs against the honest client; and as many as it takes, up to 4,000, for each client that leaves out one
 * check.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { soakShare, tellSoak } from '@latchkey/testkit';
import { FAULTS } from './faults.ts';
import { driveRandomRuns } from './random-runs.ts';

const runs = Math.ceil(10_000 * soakShare());
await driveRandomRuns({ runs, commands: 16 });
tellSoak({ runs, falseKeys: 0 });

const program = join(import.meta.dirname, 'drive-with-fault.ts');
for (const { name } of FAULTS) {
  const { stdout, stderr } = spawnSync(process.execPath, [program, name, '4000'], { encoding: 'utf8' });
  assert.match(stdout, /^found Property failed/, `${name}: ${stdout}${stderr}`);
  const [, tests] = /after (\d+) tests/.exec(stdout) ?? [];
  tellSoak({ fault: name, foundAfterRuns: Number(tests) });
}
