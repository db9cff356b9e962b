import { equalHashes, EMPTY_ROOT, type Sha256 } from '../merkle/hash.ts';
import { verifyConsistency } from '../merkle/verify-consistency.ts';
import { verifyNote, type NoteRefused, type NoteVerifier } from '../note/verify-note.ts';
import type { ParsedAddCheckpoint } from './add-checkpoint.ts';

/** What a witness keeps of a log: the head that it has cosigned last. */
export interface WitnessHead {
  readonly size: number;
  /** 32 bytes. */
  readonly rootHash: Uint8Array;
}

/** A log that the witness knows. */
export interface WitnessedLog {
  /** The log's keys, made by `noteVerifier`. */
  readonly verifiers: readonly NoteVerifier[];
  /** Whether one of them must have signed (C2SP tlog-witness), or each; `any` unless told. */
  readonly need?: 'any' | 'all';
  /** Null before the first cosignature. */
  readonly head: WitnessHead | null;
}

/** What to answer, with the HTTP status that C2SP tlog-witness has for it. */
export type WitnessDecision =
  /** Keep `head`, durably, and cosign only then. */
  | { readonly outcome: 'cosign'; readonly status: 200; readonly head: WitnessHead }
  /** The log's idea of the last size is another: answer `size` as `text/x.tlog.size`. */
  | { readonly outcome: 'conflict'; readonly status: 409; readonly size: number; readonly fork: false }
  /** The log has signed two roots for one size: keep the request, it is evidence. */
  | { readonly outcome: 'conflict'; readonly status: 409; readonly size: number; readonly fork: true }
  | { readonly outcome: 'unknown'; readonly status: 404 }
  | { readonly outcome: 'forbidden'; readonly status: 403; readonly reason: NoteRefused['reason'] }
  /** The proof does not lead from the old head to this one. With a known log and a good signature perhaps evidence. */
  | { readonly outcome: 'unprocessable'; readonly status: 422 }
  | { readonly outcome: 'bad'; readonly status: 400 };

/**
 * The whole judgement of a witness (C2SP tlog-witness, "add-checkpoint"), in the order of the specification. Pure: the
 * host looks the log up by `request.head.origin`, and lets nothing else touch that log's head from before it reads it
 * until the new one is on disk; otherwise two requests that cross roll the head back. `sha256` is for the proof.
 */
export async function decideAddCheckpoint(
  request: ParsedAddCheckpoint,
  log: WitnessedLog | null,
  sha256?: Sha256,
): Promise<WitnessDecision> {
  if (log === null) return { outcome: 'unknown', status: 404 };
  const { note, head, oldSize, proof } = request;
  const verdict = await verifyNote(note, log.verifiers, log.need ?? 'any');
  if (!verdict.verified) return { outcome: 'forbidden', status: 403, reason: verdict.reason };
  if (oldSize > head.size) return { outcome: 'bad', status: 400 };
  const old = log.head ?? { size: 0, rootHash: EMPTY_ROOT };
  if (oldSize !== old.size) return { outcome: 'conflict', status: 409, size: old.size, fork: false };
  if (old.size > 0 && old.size === head.size && !equalHashes(old.rootHash, head.rootHash)) {
    return { outcome: 'conflict', status: 409, size: old.size, fork: true };
  }
  const claim = { oldSize, oldRoot: old.rootHash, newSize: head.size, newRoot: head.rootHash, proof };
  if (!verifyConsistency(sha256 === undefined ? claim : { ...claim, sha256 })) {
    return { outcome: 'unprocessable', status: 422 };
  }
  return { outcome: 'cosign', status: 200, head: { size: head.size, rootHash: head.rootHash } };
}
