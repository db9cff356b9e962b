import { quorumReached, type Policy } from '@latchkey/tlog';
import { KeyDirectoryError } from '../errors.ts';

/** By convention the member of the quorum with this name, a group or a witness, is who replays the key log. */
const AUDITORS = 'auditors';

/**
 * The policy without its auditors, which cosign the index log only: what the key log's checkpoints must satisfy
 * (docs/spec/12-key-directory.md, "Policy").
 * @throws KeyDirectoryError `policy_unfit` where the quorum is auditors only, or does not ask for all of its members
 */
export function witnessPolicy(policy: Policy): Policy {
  const quorum = policy.groups.find(({ name }) => name === policy.quorum);
  if (policy.quorum === AUDITORS) throw unfit('it asks for no witness');
  if (quorum === undefined || !quorum.members.includes(AUDITORS)) return policy;
  const members = quorum.members.filter((member) => member !== AUDITORS);
  if (members.length === 0) throw unfit('it asks for no witness');
  if (quorum.threshold !== quorum.members.length) throw unfit('witnesses could stand in for auditors');
  const others = policy.groups.filter(({ name }) => name !== policy.quorum);
  return { ...policy, groups: [...others, { name: quorum.name, members, threshold: members.length }] };
}

/** Whether only auditors are missing, of a quorum that these witnesses do not reach. */
export function onlyAuditorsMissing(policy: Policy, witnesses: readonly string[]): boolean {
  return quorumReached(witnessPolicy(policy), witnesses);
}

function unfit(why: string): KeyDirectoryError {
  return new KeyDirectoryError('policy_unfit', `this policy cannot guard a directory: ${why}`);
}
