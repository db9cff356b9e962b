import { nodeVerifier } from '@latchkey/crypto/verify-node';
import {
  cosignatureTypes,
  formatPolicy,
  NO_QUORUM,
  noteVerifier,
  parseVerifierKey,
  TlogError,
  type NoteVerifier,
  type Policy,
  type PolicyGroup,
  type VerifierKey,
  type VerifySignature,
} from '@latchkey/tlog';
import type { KeyLogConfig } from '../config/config.ts';
import { ServerError } from '../errors.ts';
import type { LogName } from '../store/schema.ts';
import type { LogIdentities, LogIdentity } from './log-signer.ts';

/** A witness or an auditor, as the settings name it. */
export interface Cosigner {
  readonly name: string;
  /** `add-checkpoint` is below it. */
  readonly url: string;
  /** One, or one of each algorithm. */
  readonly verifiers: readonly NoteVerifier[];
  /** Replays the key log, and so cosigns the index log alone. */
  readonly isAuditor: boolean;
}

export interface Cosigners {
  readonly all: readonly Cosigner[];
  /** Each with the lines of its own log: two logs with one key cannot stand in one policy. */
  readonly policies: Readonly<Record<LogName, Policy>>;
  /** That of the index log as text, which is what the server tells. docs/spec/13-key-log.md, "Policy". */
  readonly policyText: string;
}

export const verifySignature: VerifySignature = ({ type, publicKey }, message, signature) =>
  type.algorithm === 'ed25519'
    ? nodeVerifier.ed25519Verify(publicKey, message, signature)
    : nodeVerifier.mldsa44Verify(publicKey, message, signature);

/** @throws ServerError `config_malformed` */
export function openCosigners(config: KeyLogConfig, identities: LogIdentities): Cosigners {
  const witnesses = config.witness.map((entry, place) => readCosigner(entry, `witness-${place + 1}`, false));
  const auditors = config.auditor.map((entry, place) => readCosigner(entry, `auditor-${place + 1}`, true));
  if (auditors.length > 0 && witnesses.length === 0) throw malformed('an auditor is no witness: name one besides');
  const threshold = config.quorum ?? Math.floor(witnesses.length / 2) + 1;
  if (witnesses.length > 0 && threshold > witnesses.length)
    throw malformed('the quorum is above the number of witnesses');
  const policies = {
    keys: { ...policyOf(witnesses, [], threshold), logs: linesOf(identities.keys) },
    index: { ...policyOf(witnesses, auditors, threshold), logs: linesOf(identities.index) },
  };
  return { all: [...witnesses, ...auditors], policies, policyText: policyTextOf(policies.index) };
}

function linesOf({ verifierKeys }: LogIdentity): Policy['logs'] {
  return verifierKeys.map((key) => ({ key, url: null }));
}

function policyTextOf(policy: Policy): string {
  try {
    return formatPolicy(policy);
  } catch (error) {
    if (error instanceof TlogError) throw malformed(error.message);
    throw error;
  }
}

function readCosigner({ url, key }: KeyLogConfig['witness'][number], name: string, isAuditor: boolean): Cosigner {
  const verifiers = (typeof key === 'string' ? [key] : key).map((text) => noteVerifier(readKey(text), verifySignature));
  return { name, url: url.replace(/\/+$/, ''), verifiers, isAuditor };
}

function readKey(text: string): VerifierKey {
  try {
    return parseVerifierKey(text, cosignatureTypes);
  } catch (error) {
    if (error instanceof TlogError) throw malformed(error.message);
    throw error;
  }
}

type WhoSigns = Omit<Policy, 'logs'>;

function policyOf(witnesses: readonly Cosigner[], auditors: readonly Cosigner[], threshold: number): WhoSigns {
  // Without the address: who signs is what clients pin; where this server asks them may change from day to day.
  const lines = [...witnesses, ...auditors].flatMap(({ name, verifiers }) =>
    verifiers.map(({ key }) => ({ name: keyName(name, key, verifiers.length), key, url: null })),
  );
  const both = [...witnesses, ...auditors]
    .filter(({ verifiers }) => verifiers.length > 1)
    .map(({ name, verifiers }): PolicyGroup => {
      const members = verifiers.map(({ key }) => keyName(name, key, verifiers.length));
      return { name, threshold: members.length, members };
    });
  if (witnesses.length === 0) return { witnesses: [], groups: [], quorum: NO_QUORUM };
  const groups: PolicyGroup[] = [...both, { name: 'witnesses', threshold, members: witnesses.map(({ name }) => name) }];
  if (auditors.length === 0) return { witnesses: lines, groups, quorum: 'witnesses' };
  groups.push({ name: 'auditors', threshold: 1, members: auditors.map(({ name }) => name) });
  groups.push({ name: 'both', threshold: 2, members: ['witnesses', 'auditors'] });
  return { witnesses: lines, groups, quorum: 'both' };
}

/** A cosigner with keys of two algorithms is a group that needs both. */
function keyName(name: string, { type }: VerifierKey, count: number): string {
  return count === 1 ? name : `${name}-${type.algorithm}`;
}

function malformed(why: string): ServerError {
  return new ServerError('config_malformed', `key_log: ${why}`);
}
