import {
  evaluatePolicy,
  leafHash,
  parseNote,
  TlogError,
  verifyConsistency,
  verifyInclusion,
  type Checkpoint,
  type Cosigned,
  type Note,
  type PolicySatisfied,
} from '@latchkey/tlog';
import { sameBytes } from '../byte-fields.ts';
import { KeyDirectoryError } from '../errors.ts';
import { parseIndexLeaf, type IndexLeaf } from '../index-leaf.ts';
import type { Directory, DirectoryLog } from './directory.ts';
import type { HeadAnswer, StoredHead, TreeHead } from './head-answer.ts';
import { refuse, type Refusal, type RefusalReason } from './refusal.ts';
import { onlyAuditorsMissing } from './witness-policy.ts';

/** A head whose k-th witness is older shows nothing about now; one that is newer shows a clock that is wrong. */
export const MAX_HEAD_AGE_SECONDS: number = 24 * 60 * 60;

/** A head that was verified, and what look-ups are verified against. Made by `verifyHead` only. */
export interface VerifiedHead {
  readonly refused: false;
  readonly index: TreeHead;
  readonly keys: TreeHead;
  /** 32 bytes. Two heads with one map root say the same about every label. */
  readonly mapRoot: Uint8Array;
  /** Time of the k-th newest cosignature of the index checkpoint, POSIX seconds; null where the policy asks nobody. */
  readonly timeSeconds: number | null;
  /** Who has cosigned the index checkpoint, and the key log's. */
  readonly indexWitnesses: readonly Cosigned[];
  readonly keysWitnesses: readonly Cosigned[];
}

export interface HeadContext {
  /** The last head that this client verified, from its vault; null at first contact. */
  readonly previous: StoredHead | null;
  readonly nowSeconds: number;
}

const verifiedHeads = new WeakMap<VerifiedHead, Directory>();

/**
 * Rules 1 and 2, and of rule 3 that the index leaf is the last (docs/spec/12-key-directory.md, "Rules"). Keep
 * `index` and `keys` of the result: they are the next call's `previous`.
 */
export async function verifyHead(
  directory: Directory,
  answer: HeadAnswer,
  { previous, nowSeconds }: HeadContext,
): Promise<VerifiedHead | Refusal> {
  const index = await verifyCheckpoint(directory, directory.index, answer.indexCheckpoint);
  if ('refused' in index) return index;
  const stale = checkTime(index.kthTimeSeconds, nowSeconds);
  if (stale !== null) return refuse(1, stale);
  const leaf = readIndexLeaf(answer.indexLeaf);
  if (leaf === null) return refuse(1, 'index_leaf_malformed');
  const keys = await verifyCheckpoint(directory, directory.keys, leaf.checkpoint);
  if ('refused' in keys) return keys;
  const grown =
    checkGrowth('index', index.checkpoint, { old: previous?.index, proof: answer.indexConsistency }) ??
    checkGrowth('keys', keys.checkpoint, { old: previous?.keys, proof: answer.keysConsistency });
  if (grown !== null) return grown;
  if (!isLastLeaf(index.checkpoint, answer)) return refuse(3, 'index_leaf_not_last');
  const head: VerifiedHead = {
    refused: false,
    index: headOf(index.checkpoint),
    keys: headOf(keys.checkpoint),
    mapRoot: leaf.mapRoot,
    timeSeconds: index.kthTimeSeconds,
    indexWitnesses: index.witnesses,
    keysWitnesses: keys.witnesses,
  };
  verifiedHeads.set(head, directory);
  return head;
}

/**
 * The directory that a head was verified for.
 * @throws KeyDirectoryError `argument_invalid` for what did not come from `verifyHead`
 */
export function directoryOf(head: VerifiedHead): Directory {
  const directory = verifiedHeads.get(head);
  if (directory === undefined) throw new KeyDirectoryError('argument_invalid', 'this head was not verified');
  return directory;
}

async function verifyCheckpoint(
  { verifySignature }: Directory,
  { log, origin, policy }: DirectoryLog,
  bytes: Uint8Array,
): Promise<PolicySatisfied | Refusal> {
  const note = readNote(bytes);
  if (note === null) return refuse(1, `${log}_checkpoint_malformed`);
  const verdict = await evaluatePolicy(policy, { note, verifySignature, origin, logKeys: 'all' });
  if (verdict.satisfied) return verdict;
  const { reason } = verdict;
  if (reason === 'checkpoint_malformed') return refuse(1, `${log}_checkpoint_malformed`);
  if (reason === 'origin_unknown') return refuse(1, 'origin_foreign');
  if (reason === 'extension_lines') return refuse(1, 'extension_line');
  if (reason !== 'quorum_missing') return refuse(1, reason);
  const names = verdict.witnesses.map(({ name }) => name);
  return refuse(1, onlyAuditorsMissing(policy, names) ? 'auditor_missing' : 'witnesses_too_few');
}

function checkTime(timeSeconds: number | null, nowSeconds: number): RefusalReason | null {
  if (timeSeconds === null) return null;
  if (nowSeconds - timeSeconds > MAX_HEAD_AGE_SECONDS) return 'head_stale';
  return timeSeconds - nowSeconds > MAX_HEAD_AGE_SECONDS ? 'head_ahead_of_time' : null;
}

/** Rules 1 (no log shrinks) and 2 (it holds all that it held before). */
function checkGrowth(
  log: 'index' | 'keys',
  checkpoint: Checkpoint,
  { old, proof }: { readonly old: TreeHead | undefined; readonly proof: readonly Uint8Array[] },
): Refusal | null {
  if (old === undefined) return null;
  if (checkpoint.size < old.size) return refuse(1, `${log}_rolled_back`);
  if (checkpoint.size === old.size && !sameBytes(checkpoint.rootHash, old.rootHash)) return refuse(2, `${log}_forked`);
  const claim = { oldSize: old.size, oldRoot: old.rootHash, newSize: checkpoint.size, newRoot: checkpoint.rootHash };
  return verifyConsistency({ ...claim, proof }) ? null : refuse(2, `${log}_inconsistent`);
}

function isLastLeaf({ size, rootHash }: Checkpoint, answer: HeadAnswer): boolean {
  const claim = { index: size - 1, size, root: rootHash, proof: answer.indexInclusion };
  return verifyInclusion({ ...claim, leafHash: leafHash(answer.indexLeaf) });
}

function headOf({ size, rootHash }: Checkpoint): TreeHead {
  return { size, rootHash };
}

function readNote(bytes: Uint8Array): Note | null {
  try {
    return parseNote(bytes);
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}

function readIndexLeaf(bytes: Uint8Array): IndexLeaf | null {
  try {
    return parseIndexLeaf(bytes);
  } catch (error) {
    if (error instanceof KeyDirectoryError) return null;
    throw error;
  }
}
