import { base64 } from '@scure/base';
import type { HeadAnswer } from '../verify/head-answer.ts';
import type { LookupAnswer } from '../verify/lookup-answer.ts';

/**
 * The JSON that VIndex's own client reads for one index (docs/spec/12-key-directory.md, "LookupResponse"): byte slices
 * in base64, hashes as arrays of numbers, as Go writes them.
 */
export function formatLookupResponse(
  head: Pick<HeadAnswer, 'indexCheckpoint' | 'indexLeaf' | 'indexInclusion'>,
  lookup: Pick<LookupAnswer, 'positions' | 'mapProof'>,
): string {
  return JSON.stringify({
    output_log_cp: base64.encode(head.indexCheckpoint),
    output_log_leaf: base64.encode(head.indexLeaf),
    output_log_proof: head.indexInclusion.map((hash) => [...hash]),
    index_value: lookup.positions,
    index_proof: base64.encode(lookup.mapProof),
  });
}
