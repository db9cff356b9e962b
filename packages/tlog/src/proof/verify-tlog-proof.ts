import type { Sha256 } from '../merkle/hash.ts';
import { verifyInclusion } from '../merkle/verify-inclusion.ts';
import {
  evaluatePolicy,
  type PolicyQuestion,
  type PolicyRefused,
  type PolicySatisfied,
} from '../policy/evaluate-policy.ts';
import type { Policy } from '../policy/policy.ts';
import type { ParsedTlogProof } from './tlog-proof.ts';

export interface TlogProofQuestion extends Omit<PolicyQuestion, 'note'> {
  readonly proof: ParsedTlogProof;
  /** `leafHash` of the entry that is said to be in the log. */
  readonly leafHash: Uint8Array;
  readonly sha256?: Sha256;
}

export interface TlogProofVerified {
  readonly verified: true;
  readonly index: number;
  readonly verdict: PolicySatisfied;
}

export interface TlogProofRefused {
  readonly verified: false;
  /** As `evaluatePolicy`; `inclusion_wrong`: the checkpoint is good, the entry is not where the proof says. */
  readonly reason: PolicyRefused['reason'] | 'inclusion_wrong';
}

/** Whether an entry stands in a log that the policy believes (C2SP tlog-proof). Extra data stays unproved. */
export async function verifyTlogProof(
  policy: Policy,
  question: TlogProofQuestion,
): Promise<TlogProofVerified | TlogProofRefused> {
  const { proof, leafHash, sha256, ...rest } = question;
  const verdict = await evaluatePolicy(policy, { ...rest, note: proof.note });
  if (!verdict.satisfied) return { verified: false, reason: verdict.reason };
  const { size, rootHash } = verdict.checkpoint;
  const claim = { leafHash, index: proof.index, size, proof: proof.proof, root: rootHash };
  const included = verifyInclusion(sha256 === undefined ? claim : { ...claim, sha256 });
  if (!included) return { verified: false, reason: 'inclusion_wrong' };
  return { verified: true, index: proof.index, verdict };
}
