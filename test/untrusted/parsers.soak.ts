/** The targets of this room for long: 10 million inputs in a full run, in equal parts, and at most ten minutes each. */
import { fuzzFor, soakShare, tellSoak } from '../../packages/testkit/src/index.ts';
import { ownTargets } from './parser-list.ts';

const FULL_RUNS = 10_000_000;
const seed = Number(process.env['LATCHKEY_SOAK_SEED'] ?? Date.now() % 0xffff_ffff);

for (const target of ownTargets) {
  const mostRuns = Math.ceil((FULL_RUNS * soakShare()) / ownTargets.length);
  const figures = await fuzzFor(target, { forMs: 600_000 * soakShare(), mostRuns, seed });
  tellSoak({ ...figures, fullRuns: Math.ceil(FULL_RUNS / ownTargets.length) });
}
