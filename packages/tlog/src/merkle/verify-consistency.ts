import { isCount } from '../decimal.ts';
import { MAX_PROOF_HASHES } from '../limits.ts';
import { defaultSha256, EMPTY_ROOT, equalHashes, isHash, nodeHash, type Sha256 } from './hash.ts';

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  /** At least `oldSize`. */
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  /** Empty where the sizes are equal and where the old tree is empty. */
  readonly proof: readonly Uint8Array[];
  readonly sha256?: Sha256;
}

/**
 * Whether the new tree begins with all leaves of the old one (RFC 9162 section 2.1.4.2, which is RFC 6962 section 2.1.2
 * from the verifier's side). The empty tree has one root only, and every tree begins with it: as the witness protocol
 * has it, an old size of 0 takes an empty proof. False for whatever does not fit.
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { oldSize, oldRoot, newSize, newRoot, proof } = claim;
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize || proof.length > MAX_PROOF_HASHES) return false;
  if (!isHash(oldRoot) || !isHash(newRoot) || !proof.every(isHash)) return false;
  if (newSize === 0 && !equalHashes(newRoot, EMPTY_ROOT)) return false;
  if (oldSize === 0) return proof.length === 0 && equalHashes(oldRoot, EMPTY_ROOT);
  if (oldSize === newSize) return proof.length === 0 && equalHashes(oldRoot, newRoot);
  return verifyProof(claim);
}

/** For 0 < oldSize < newSize. */
function verifyProof({ oldSize, oldRoot, newSize, newRoot, proof, sha256 = defaultSha256 }: ConsistencyClaim): boolean {
  let node = oldSize - 1;
  let last = newSize - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  // An old tree of 2^k leaves is itself the first node of the path; the proof leaves it out.
  const path = node === 0 ? [oldRoot, ...proof] : proof;
  const [first, ...rest] = path;
  if (first === undefined) return false;
  let oldHash = first;
  let newHash = first;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(sibling, oldHash, sha256);
      newHash = nodeHash(sibling, newHash, sha256);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      newHash = nodeHash(newHash, sibling, sha256);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalHashes(oldHash, oldRoot) && equalHashes(newHash, newRoot);
}
