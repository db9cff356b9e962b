/**
 * Parsers of the age room under random changes of good inputs: each is taken, and then written back as it was read, or
 * refused with a listed code, and soon. 50 million inputs in a full run, in equal parts.
 */
import { fuzz, soakShare, tellSoak } from '@latchkey/testkit';
import { parserTargets } from './parser-targets.ts';

const FULL_RUNS = 50_000_000;

const seed = Number(process.env['LATCHKEY_SOAK_SEED'] ?? Date.now() % 0xffff_ffff);
for (const target of parserTargets) {
  const runs = Math.ceil((FULL_RUNS * soakShare()) / parserTargets.length);
  tellSoak({ ...fuzz(target, { runs, seed }), fullRuns: FULL_RUNS / parserTargets.length });
}
