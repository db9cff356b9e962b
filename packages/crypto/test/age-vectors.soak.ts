/** Every age vector byte by byte from end to end, which takes a minute for each engine. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { tellSoak } from '@latchkey/testkit';

for (const engine of ['node', 'noble']) {
  const program = join(import.meta.dirname, 'drive-age-vectors.ts');
  const report: unknown = JSON.parse(
    execFileSync(process.execPath, [program, engine, 'Infinity'], { encoding: 'utf8' }),
  );
  assert.deepEqual(report, { vectorCount: 143, driveCount: 715, differences: [] });
  tellSoak({ name: `every age vector byte by byte, ${engine}`, vectors: 143, fullVectors: 143 });
}
