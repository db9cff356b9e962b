/**
 * Leaves, index leaves and map proofs under random changes of good ones: each is taken, and then written back as it was
 * read (a proof: is the one that there is), or refused with a listed code, and soon. 20 million inputs in a full run, in
 * equal parts.
 */
import { fuzz, soakShare, tellSoak } from '@latchkey/testkit';
import { parserTargets } from './parser-targets.ts';

const FULL_RUNS = 20_000_000;

const runSeed = Number(process.env['LATCHKEY_SOAK_SEED'] ?? Date.now() % 0xffff_ffff);
for (const one of parserTargets) {
  const runs = Math.ceil((FULL_RUNS * soakShare()) / parserTargets.length);
  tellSoak({ ...fuzz(one, { runs, seed: runSeed }), fullRuns: FULL_RUNS / parserTargets.length });
}
