import { NO_QUORUM, type Policy } from './policy.ts';

/** Whether these witnesses, by their names in the policy, are enough (C2SP tlog-policy, "Defining the quorum"). */
export function quorumReached(policy: Policy, witnesses: Iterable<string>): boolean {
  if (policy.quorum === NO_QUORUM) return true;
  const given = new Set(witnesses);
  const reached = new Set(policy.witnesses.map(({ name }) => name).filter((name) => given.has(name)));
  // Each group names only what stands before it: one way through is enough.
  for (const { name, threshold, members } of policy.groups) {
    if (members.filter((member) => reached.has(member)).length >= threshold) reached.add(name);
  }
  return reached.has(policy.quorum);
}
