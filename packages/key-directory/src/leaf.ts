import { requireBytes } from './byte-fields.ts';
import { KeyDirectoryError } from './errors.ts';

/**
 * What the operator says about a version. It is a claim: whoever holds the statements recomputes it from their
 * signatures (docs/spec/12-key-directory.md, "Leaf").
 */
export type LeafFlag = 'genesis' | 'signed' | 'reset' | 'veto' | 'tombstone' | 'reissue';

/** One leaf of the key log. */
export interface KeyLeaf {
  readonly flag: LeafFlag;
  /** 32 bytes: the label's VRF output, cut. */
  readonly index: Uint8Array;
  /** 32 bytes: what `commit` gives. */
  readonly commitment: Uint8Array;
}

export const LEAF_BYTES = 66;
export const INDEX_AT = 2;
export const COMMITMENT_AT = 34;
const LEAF_TYPE = 1;
const FLAGS: readonly LeafFlag[] = ['genesis', 'signed', 'reset', 'veto', 'tombstone', 'reissue'];

/**
 * The 66 bytes of a leaf.
 * @throws KeyDirectoryError `argument_invalid` for a field of another size
 */
export function encodeLeaf(leaf: KeyLeaf): Uint8Array {
  requireBytes(leaf.index, 32);
  requireBytes(leaf.commitment, 32);
  const bytes = new Uint8Array(LEAF_BYTES);
  bytes[0] = LEAF_TYPE;
  bytes[1] = FLAGS.indexOf(leaf.flag);
  bytes.set(leaf.index, INDEX_AT);
  bytes.set(leaf.commitment, COMMITMENT_AT);
  return bytes;
}

/**
 * Reads a leaf; an unknown type or flag is refused. The fields are copies.
 * @throws KeyDirectoryError `leaf_malformed`
 */
export function decodeLeaf(bytes: Uint8Array): KeyLeaf {
  const flag = leafFlag(bytes);
  return { flag, index: bytes.slice(INDEX_AT, COMMITMENT_AT), commitment: bytes.slice(COMMITMENT_AT) };
}

/**
 * The flag of a leaf whose whole form is checked; no copies, for those who read millions.
 * @throws KeyDirectoryError `leaf_malformed`
 */
export function leafFlag(bytes: Uint8Array): LeafFlag {
  if (bytes.length !== LEAF_BYTES) throw new KeyDirectoryError('leaf_malformed', 'a leaf has 66 bytes');
  if (bytes[0] !== LEAF_TYPE) throw new KeyDirectoryError('leaf_malformed', 'this leaf is of another type');
  const flag = FLAGS[bytes[1] ?? FLAGS.length];
  if (flag === undefined) throw new KeyDirectoryError('leaf_malformed', 'a leaf has a flag that nobody knows');
  return flag;
}
