import { parseCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts';
import { cosignatureTime } from '../cosignature/cosignature-time.ts';
import { noteVerifier, type VerifySignature } from '../cosignature/cosignature-verifier.ts';
import { TlogError } from '../errors.ts';
import type { Note } from '../note/note.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { verifyNote } from '../note/verify-note.ts';
import { NO_QUORUM, type Policy } from './policy.ts';
import { quorumReached } from './quorum.ts';

export interface PolicyQuestion {
  readonly note: Note;
  /** The raw algorithms of the platform; cosignature messages are made here. */
  readonly verifySignature: VerifySignature;
  /** The log that it must be; else any log of the policy. */
  readonly origin?: string;
  /** Whether one key that the policy has for the log must have signed (C2SP tlog-policy), or each; `any` unless told. */
  readonly logKeys?: 'any' | 'all';
  /** Extension lines are refused unless they are allowed: nobody can audit them, and ML-DSA-44 does not sign them. */
  readonly extensions?: 'refuse' | 'allow';
  /** Cosignatures that say to be from later than this do not count. POSIX seconds. */
  readonly notAfterSeconds?: number;
}

/** A witness of the policy whose cosignature verified. */
export interface Cosigned {
  /** In the policy. */
  readonly name: string;
  readonly key: VerifierKey;
  /** POSIX seconds; 0 where it says nothing about the time. */
  readonly timeSeconds: number;
}

export interface PolicySatisfied {
  readonly satisfied: true;
  readonly reason: null;
  readonly checkpoint: Checkpoint;
  /** The log's keys that have signed, at least one. */
  readonly signedBy: readonly VerifierKey[];
  readonly witnesses: readonly Cosigned[];
  /**
   * The newest time such that the cosignatures from then on are a quorum by themselves: with k of n, the k-th newest.
   * How fresh the head is, where fewer than a quorum lie. Null for the quorum `none`.
   */
  readonly kthTimeSeconds: number | null;
  /**
   * The oldest time such that the cosignatures up to it are a quorum by themselves: with k of n, the k-th oldest. Since
   * when a quorum has seen the head. Null for the quorum `none`.
   */
  readonly quorumTimeSeconds: number | null;
}

export interface PolicyRefused {
  readonly satisfied: false;
  /**
   * `checkpoint_malformed`: the note is no checkpoint. `origin_unknown`: of no log of the policy, or another than asked
   * for. `extension_lines`: it has some. `signature_wrong`, `signature_repeated`: of a known key; as `verifyNote`.
   * `log_signature_missing`: the log has not signed. `quorum_missing`: too few witnesses.
   */
  readonly reason:
    | 'checkpoint_malformed'
    | 'origin_unknown'
    | 'extension_lines'
    | 'signature_wrong'
    | 'signature_repeated'
    | 'log_signature_missing'
    | 'quorum_missing';
  /** Whose cosignatures verified. */
  readonly witnesses: readonly Cosigned[];
  readonly kthTimeSeconds: null;
}

/** Whether to believe a checkpoint by this policy (C2SP tlog-policy, "What is a “policy”?"). */
export async function evaluatePolicy(
  policy: Policy,
  question: PolicyQuestion,
): Promise<PolicySatisfied | PolicyRefused> {
  const { note, verifySignature, logKeys = 'any', extensions = 'refuse', notAfterSeconds = Infinity } = question;
  const checkpoint = readCheckpoint(note.text);
  if (checkpoint === null) return refused('checkpoint_malformed');
  const { origin } = checkpoint;
  const ownKeys = policy.logs.map(({ key }) => key).filter(({ name }) => name === origin);
  if (ownKeys.length === 0 || (question.origin ?? origin) !== origin) return refused('origin_unknown');
  if (extensions === 'refuse' && checkpoint.extensions.length > 0) return refused('extension_lines');

  const keys = [...ownKeys, ...policy.witnesses.map(({ key }) => key)];
  const verdict = await verifyNote(
    note,
    keys.map((key) => noteVerifier(key, verifySignature)),
    'any',
  );
  if (!verdict.verified) {
    return refused(verdict.reason === 'signature_missing' ? 'log_signature_missing' : verdict.reason);
  }
  const witnesses: Cosigned[] = [];
  for (const { name, key } of policy.witnesses.filter((witness) => verdict.signedBy.includes(witness.key))) {
    const timeSeconds = timeOf(note, key);
    if (timeSeconds <= notAfterSeconds) witnesses.push({ name, key, timeSeconds });
  }
  const signedBy = ownKeys.filter((key) => verdict.signedBy.includes(key));
  if (signedBy.length < (logKeys === 'all' ? ownKeys.length : 1)) return refused('log_signature_missing', witnesses);
  if (!quorumReached(policy, namesOf(witnesses))) return refused('quorum_missing', witnesses);
  const times = witnesses.map(({ timeSeconds }) => timeSeconds).toSorted((one, other) => one - other);
  const kthTime = times.findLast((time) =>
    quorumReached(policy, namesOf(witnesses.filter(({ timeSeconds }) => timeSeconds >= time))),
  );
  const quorumTime = times.find((time) =>
    quorumReached(policy, namesOf(witnesses.filter(({ timeSeconds }) => timeSeconds <= time))),
  );
  const timeless = policy.quorum === NO_QUORUM;
  return {
    satisfied: true,
    reason: null,
    checkpoint,
    signedBy,
    witnesses,
    kthTimeSeconds: timeless ? null : (kthTime ?? null),
    quorumTimeSeconds: timeless ? null : (quorumTime ?? null),
  };
}

function readCheckpoint(text: string): Checkpoint | null {
  try {
    return parseCheckpoint(text);
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}

/** Of a key whose one line has verified. */
function timeOf(note: Note, key: VerifierKey): number {
  const line = note.signatures.find(({ keyName, keyId }) => keyName === key.name && keyId === key.keyId);
  return line === undefined ? 0 : cosignatureTime(line);
}

function namesOf(witnesses: readonly Cosigned[]): readonly string[] {
  return witnesses.map(({ name }) => name);
}

function refused(reason: PolicyRefused['reason'], witnesses: readonly Cosigned[] = []): PolicyRefused {
  return { satisfied: false, reason, witnesses, kthTimeSeconds: null };
}
