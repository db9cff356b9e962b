/** Whether two verified heads are of one history: the larger one holds all of the smaller one. */
import { proveConsistency, TlogError, verifyConsistency } from '@latchkey/tlog';
import type { StoredHead } from '@latchkey/key-directory/verify';
import type { Wire } from '../../ports.ts';
import { equalBytes } from '../../signing/equal-bytes.ts';
import { fetchedTiles } from '../tail/fetch-tiles.ts';
import { TailRefused } from '../tail/tail-refused.ts';

/** @throws what the wire throws */
export async function isSameLog(wire: Wire, one: StoredHead, other: StoredHead): Promise<boolean> {
  for (const log of ['keys', 'index'] as const) {
    const [old, now] = one[log].size <= other[log].size ? [one[log], other[log]] : [other[log], one[log]];
    if (old.size === now.size && !equalBytes(old.rootHash, now.rootHash)) return false;
    const sizes = { oldSize: old.size, newSize: now.size };
    const proof = await proofOf(wire, log, sizes);
    if (proof === null || !verifyConsistency({ ...sizes, oldRoot: old.rootHash, newRoot: now.rootHash, proof }))
      return false;
  }
  return true;
}

async function proofOf(
  wire: Wire,
  log: 'keys' | 'index',
  sizes: { readonly oldSize: number; readonly newSize: number },
): Promise<readonly Uint8Array[] | null> {
  try {
    return await proveConsistency(sizes, fetchedTiles({ wire, log }));
  } catch (error) {
    if (error instanceof TlogError || error instanceof TailRefused) return null;
    throw error;
  }
}
