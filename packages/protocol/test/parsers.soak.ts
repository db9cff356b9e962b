/**
 * Statements and addresses under random changes of good ones: each is taken, and then written back as it was read, or
 * refused with a listed code, and soon. 30 million inputs in a full run, in equal parts.
 */
import assert from 'node:assert/strict';
import { fuzz, soakShare, tellSoak } from '@latchkey/testkit';
import { parserTargets } from './parser-targets.ts';

const FULL_RUNS = 30_000_000;

const seed = Number(process.env['LATCHKEY_SOAK_SEED'] ?? Date.now() % 0xffff_ffff);
for (const target of parserTargets) {
  assert.ok(target.seeds.length > 1);
  const runs = Math.ceil((FULL_RUNS * soakShare()) / parserTargets.length);
  tellSoak({ ...fuzz(target, { runs, seed }), fullRuns: FULL_RUNS / parserTargets.length });
}
