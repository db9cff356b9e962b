import { leafHash, verifyInclusion } from '@latchkey/tlog';
import { sameBytes } from '../byte-fields.ts';
import { commit } from '../commitment.ts';
import { KeyDirectoryError } from '../errors.ts';
import { indexOf, vrfInput } from '../label.ts';
import { decodeLeaf, type KeyLeaf, type LeafFlag } from '../leaf.ts';
import { MAX_VERSION_NOTE_BYTES } from '../limits.ts';
import { verifyMapProof } from '../map/verify-map-proof.ts';
import { arePositions, positionsHash } from '../positions.ts';
import type { LookupAnswer, LookupLeaf } from './lookup-answer.ts';
import { refuse, type Refusal, type RefusalReason } from './refusal.ts';
import { directoryOf, type VerifiedHead } from './verify-head.ts';

/** The newest version of a label that a client has verified before. */
export interface KnownVersion {
  readonly version: number;
  /** Of its leaf in the key log. */
  readonly position: number;
  /**
   * 32 bytes: the label's index as `VerifiedHistory` had it, under this very VRF key. It never changes, and with it the
   * VRF proof of an answer is not looked at again. Absent: the answer has to prove it.
   */
  readonly index?: Uint8Array;
}

export interface LookupQuestion {
  readonly label: string;
  /** Null where the client knows nothing of the label yet. */
  readonly known: KnownVersion | null;
}

/** The label has no version in the directory. */
export interface VerifiedAbsence {
  readonly refused: false;
  readonly found: false;
  readonly label: string;
  readonly mapRoot: Uint8Array;
}

/** A label's history, as far as it was asked for. */
export interface VerifiedHistory {
  readonly refused: false;
  readonly found: true;
  readonly label: string;
  /** 32 bytes, proved for the label, now or when it became known. */
  readonly index: Uint8Array;
  /** Of the head: as long as a later head has the same one, this history is whole (rule 5). */
  readonly mapRoot: Uint8Array;
  /** The newest version: the number of its positions less 1. */
  readonly version: number;
  /** Of all versions in the key log. */
  readonly positions: readonly number[];
  /** Those after the known version, the newest last; empty where nothing is new. What they mean is for the caller. */
  readonly versions: readonly VerifiedVersion[];
}

export interface VerifiedVersion {
  readonly version: number;
  readonly position: number;
  /** The operator's claim: compare it with what the note's signatures say. */
  readonly flag: LeafFlag;
  /** Exactly what was published under the label; null where the server has deleted it. Never null for the newest. */
  readonly note: Uint8Array | null;
}

/**
 * Rule 3 for one label: VRF, map proof, inclusion, commitment, and no version left out
 * (docs/spec/12-key-directory.md, "Rules"). Whether the notes are signed as they should be is not looked at.
 * @throws KeyDirectoryError `argument_invalid` for a head that was not verified, or a label that is none
 */
export function verifyLookup(
  head: VerifiedHead,
  { label, known }: LookupQuestion,
  answer: LookupAnswer,
): VerifiedHistory | VerifiedAbsence | Refusal {
  const { positions, leaves, mapProof } = answer;
  const index = known?.index?.slice() ?? provedIndex(head, label, answer.vrfProof);
  if (index === null) return refuse(3, 'vrf_wrong');
  const beyond = positions.some((position) => position >= head.keys.size);
  if (beyond || !arePositions(positions)) return refuse(3, 'positions_malformed');
  const value = positions.length === 0 ? null : positionsHash(positions);
  if (!verifyMapProof({ root: head.mapRoot, key: index, value, proof: mapProof })) return refuse(3, 'map_proof_wrong');
  const broken = checkKnown(positions, known);
  if (broken !== null) return refuse(3, broken);
  const first = known === null ? 0 : known.version + 1;
  if (leaves.length !== positions.length - first) return refuse(3, 'leaves_missing');
  const { mapRoot } = head;
  if (positions.length === 0) return { refused: false, found: false, label, mapRoot };
  const versions: VerifiedVersion[] = [];
  for (const [version, position] of positions.entries()) {
    const leaf = leaves[version - first];
    if (leaf === undefined) continue;
    const verified = verifyLeaf({ head, label, index, version, position }, leaf);
    if (typeof verified === 'string') return refuse(3, verified);
    versions.push(verified);
  }
  if (versions.at(-1)?.note === null) return refuse(3, 'opening_missing');
  return { refused: false, found: true, label, index, mapRoot, version: positions.length - 1, positions, versions };
}

function provedIndex(head: VerifiedHead, label: string, proof: Uint8Array): Uint8Array | null {
  const output = directoryOf(head).vrf.verify(vrfInput(label), proof);
  return output === null ? null : indexOf(output);
}

/** What a client has seen stays: a version at its position, and everything before it. */
function checkKnown(positions: readonly number[], known: KnownVersion | null): RefusalReason | null {
  if (known === null) return null;
  if (positions.length === 0) return 'history_lost';
  if (positions.length <= known.version) return 'history_shortened';
  return positions[known.version] === known.position ? null : 'history_rewritten';
}

interface LeafPlace {
  readonly head: VerifiedHead;
  readonly label: string;
  readonly index: Uint8Array;
  readonly version: number;
  readonly position: number;
}

function verifyLeaf(place: LeafPlace, { leaf: bytes, inclusion, opened }: LookupLeaf): VerifiedVersion | RefusalReason {
  const { head, label, index, version, position } = place;
  const leaf = readLeaf(bytes);
  if (leaf === null) return 'leaf_malformed';
  if (!sameBytes(leaf.index, index)) return 'leaf_of_another_label';
  const claim = { leafHash: leafHash(bytes), index: position, size: head.keys.size, root: head.keys.rootHash };
  if (!verifyInclusion({ ...claim, proof: inclusion })) return 'leaf_not_in_log';
  if (version === 0 && leaf.flag !== 'genesis') return 'genesis_missing';
  if (version > 0 && leaf.flag === 'genesis') return 'genesis_twice';
  if (opened === null) return { version, position, flag: leaf.flag, note: null };
  const { opening, note } = opened;
  if (opening.length !== 16 || note.length > MAX_VERSION_NOTE_BYTES) return 'commitment_wrong';
  if (!sameBytes(leaf.commitment, commit({ opening, label, version, note }))) return 'commitment_wrong';
  return { version, position, flag: leaf.flag, note };
}

function readLeaf(bytes: Uint8Array): KeyLeaf | null {
  try {
    return decodeLeaf(bytes);
  } catch (error) {
    if (error instanceof KeyDirectoryError) return null;
    throw error;
  }
}
