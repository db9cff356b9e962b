/** When a client tails only, and when it replays (docs/spec/14-proving-directory.md, "Tail"). */
import type { Directory } from '@latchkey/key-directory/verify';
import type { Policy } from '@latchkey/tlog';
import { isOutside } from '../key-log/outsiders.ts';

/** `brief`: beside another command. `thorough`: for somebody who waits, or in a process that stays. */
export type TailEffort = 'brief' | 'thorough';

/** About 60,000 leaves a second: a quarter of a second, and five seconds. */
const MOST_REPLAYED: Readonly<Record<TailEffort, number>> = { brief: 16_384, thorough: 262_144 };

/** A longer log is not kept on a device: 17 MB. */
export const MOST_KEPT_LEAVES: number = MOST_REPLAYED.thorough;

/** How many heads of the index log are read back at first, about 5 kB each. */
export const FIRST_HEADS = 4_096;

export function mayReplay(effort: TailEffort, keysSize: number): boolean {
  return keysSize <= MOST_REPLAYED[effort];
}

/** By convention (docs/spec/12-key-directory.md, "Policy"). */
const AUDITORS = 'auditors';

/** Whether no head is believed that nobody outside has replayed: then others do what a tail does. */
export function hasOutsideAuditor({ index: { origin, policy } }: Directory): boolean {
  const domain = origin.slice(0, origin.indexOf('/'));
  const quorum = policy.groups.find(({ name }) => name === policy.quorum);
  if (quorum === undefined || !quorum.members.includes(AUDITORS) || quorum.threshold !== quorum.members.length) {
    return false;
  }
  return needsOutsiders(policy, AUDITORS, domain);
}

/** Every way to satisfy the member has somebody outside in it: insiders alone never do. */
function needsOutsiders(policy: Policy, name: string, domain: string): boolean {
  const witness = policy.witnesses.find((each) => each.name === name);
  if (witness !== undefined) return isOutside(witness.key.name, domain);
  const group = policy.groups.find((each) => each.name === name);
  if (group === undefined) return false;
  const insiders = group.members.filter((member) => !needsOutsiders(policy, member, domain)).length;
  return insiders < group.threshold;
}
