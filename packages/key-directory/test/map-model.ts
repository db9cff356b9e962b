import { keyBit, mapLeafHash, mapNodeHash } from '../src/map/map-hash.ts';
import { EMPTY_MAP_ROOT } from '../src/map/map-hash.ts';

/** A map as a list of entries. Slow, and written from the definition of the tree alone. */
export interface ModelEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** The root of the tree that holds these entries; keys may be of any length, each once. */
export function modelRoot(entries: readonly ModelEntry[]): Uint8Array {
  return entries.length === 0 ? EMPTY_MAP_ROOT : subtree(entries, 0);
}

function subtree(entries: readonly ModelEntry[], from: number): Uint8Array {
  const [only] = entries;
  if (only !== undefined && entries.length === 1) return mapLeafHash(only);
  for (let bit = from; ; bit += 1) {
    const left = entries.filter(({ key }) => keyBit(key, bit) === 0);
    const right = entries.filter(({ key }) => keyBit(key, bit) === 1);
    if (left.length > 0 && right.length > 0) {
      return mapNodeHash({ bit, left: subtree(left, bit + 1), right: subtree(right, bit + 1) });
    }
  }
}
