import { base64 } from '@scure/base';
import { TlogError } from '../errors.ts';
import { MAX_POLICY_LINES } from '../limits.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { NO_QUORUM, type Policy, type PolicyGroup, type PolicyLog, type PolicyWitness } from './policy.ts';

/** Takes the lines of a policy in their order and refuses what C2SP tlog-policy refuses. */
export class PolicyBuilder {
  readonly #logs: PolicyLog[] = [];
  readonly #witnesses: PolicyWitness[] = [];
  readonly #groups: PolicyGroup[] = [];
  readonly #names = new Set<string>();
  readonly #members = new Set<string>();
  readonly #publicKeys = new Set<string>();
  readonly #lineOwners = new Set<string>();
  #quorum: string | null = null;

  addLog(log: PolicyLog): void {
    if (this.#logs.length === MAX_POLICY_LINES) throw malformed(`it has more than ${MAX_POLICY_LINES} logs`);
    this.#claimKey('log', log.key);
    this.#logs.push(log);
  }

  addWitness(witness: PolicyWitness): void {
    if (this.#witnesses.length === MAX_POLICY_LINES) throw malformed(`it has more than ${MAX_POLICY_LINES} witnesses`);
    this.#claimName(witness.name);
    this.#claimKey('witness', witness.key);
    this.#witnesses.push(witness);
  }

  addGroup(group: PolicyGroup): void {
    if (this.#groups.length === MAX_POLICY_LINES) throw malformed(`it has more than ${MAX_POLICY_LINES} groups`);
    const { threshold, members } = group;
    if (!Number.isInteger(threshold) || threshold < 1 || threshold > members.length) {
      throw malformed('a group takes at least one of its members and at most all');
    }
    for (const member of members) {
      if (!this.#names.has(member)) throw malformed('a group names what no line before it defines');
      // So that no witness counts twice on any way to the quorum.
      if (this.#members.has(member)) throw malformed('a name is a member twice');
      this.#members.add(member);
    }
    this.#claimName(group.name);
    this.#groups.push(group);
  }

  setQuorum(quorum: string): void {
    if (this.#quorum !== null) throw malformed('it has two quorums');
    if (quorum !== NO_QUORUM && !this.#names.has(quorum)) throw malformed('the quorum is not defined before its line');
    this.#quorum = quorum;
  }

  build(): Policy {
    if (this.#quorum === null) throw malformed('it has no quorum');
    return { logs: this.#logs, witnesses: this.#witnesses, groups: this.#groups, quorum: this.#quorum };
  }

  #claimName(name: string): void {
    if (name === NO_QUORUM || this.#names.has(name)) throw malformed('a name is defined twice, or is none');
    this.#names.add(name);
  }

  /** One public key is one log and one witness at most, under whatever name and type. */
  #claimKey(role: 'log' | 'witness', key: VerifierKey): void {
    const publicKey = `${role} ${base64.encode(key.publicKey)}`;
    if (this.#publicKeys.has(publicKey)) throw malformed(`two ${role} lines have one public key`);
    this.#publicKeys.add(publicKey);
    const lineOwner = `${key.name} ${key.keyId}`;
    if (this.#lineOwners.has(lineOwner)) throw malformed('two keys share a name and a key id');
    this.#lineOwners.add(lineOwner);
  }
}

export function malformed(why: string, options?: ErrorOptions): TlogError {
  return new TlogError('policy_malformed', `not a policy: ${why}`, options);
}
