import { isCount } from '../decimal.ts';
import { MAX_PROOF_HASHES } from '../limits.ts';
import { defaultSha256, equalHashes, isHash, nodeHash, type Sha256 } from './hash.ts';

export interface InclusionClaim {
  /** Of the entry, 32 bytes: `leafHash(entry)`. */
  readonly leafHash: Uint8Array;
  /** 0-based, below `size`. */
  readonly index: number;
  /** Leaves of the tree. */
  readonly size: number;
  /** From the leaf's sibling up to the root's child, 32 bytes each. */
  readonly proof: readonly Uint8Array[];
  /** Of the tree of that size, from a checkpoint that somebody trusted has signed. */
  readonly root: Uint8Array;
  readonly sha256?: Sha256;
}

/**
 * Whether the leaf stands at that index of the tree with that size and root (RFC 9162 section 2.1.3.2, which is
 * RFC 6962 section 2.1.1 from the verifier's side). False for whatever does not fit: sizes, lengths, surplus hashes.
 */
export function verifyInclusion(claim: InclusionClaim): boolean {
  const { index, size, proof, root, sha256 = defaultSha256 } = claim;
  if (!isCount(index) || !isCount(size) || index >= size || proof.length > MAX_PROOF_HASHES) return false;
  if (!isHash(claim.leafHash) || !isHash(root) || !proof.every(isHash)) return false;
  let node = index;
  let last = size - 1;
  let hash = claim.leafHash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash, sha256);
      // A node without a right sibling is its own parent: go up until it is a right child.
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling, sha256);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalHashes(hash, root);
}
