import type { VerifierKey } from '../note/verifier-key.ts';

/** Which checkpoints to believe (C2SP tlog-policy). Made by `parsePolicy`, or checked by `formatPolicy`. */
export interface Policy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  /** In an order in which each names only witnesses, and groups before it. */
  readonly groups: readonly PolicyGroup[];
  /** A witness, a group, or `none`: no cosignature is needed. */
  readonly quorum: string;
}

export interface PolicyLog {
  /** Its name is the origin of the log's checkpoints. */
  readonly key: VerifierKey;
  readonly url: string | null;
}

export interface PolicyWitness {
  /** Means something within the policy only. */
  readonly name: string;
  readonly key: VerifierKey;
  /** The prefix for submissions, where it is told. */
  readonly url: string | null;
}

export interface PolicyGroup {
  readonly name: string;
  /** How many members it takes, from 1 to their number. */
  readonly threshold: number;
  /** Names of witnesses and groups; no name is a member twice, of this group or of two. */
  readonly members: readonly string[];
}

/** The quorum that needs nobody (C2SP tlog-policy, "Defining the quorum"). */
export const NO_QUORUM = 'none';
