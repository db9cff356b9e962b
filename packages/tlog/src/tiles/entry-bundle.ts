import { concatBytes } from '@noble/hashes/utils.js';
import { TlogError } from '../errors.ts';
import { MAX_ENTRY_BYTES, TILE_WIDTH } from '../limits.ts';

const LENGTH_BYTES = 2;

/**
 * Entries side by side, each after its length as a big-endian uint16 (C2SP tlog-tiles, "Log entries").
 * @throws TlogError `argument_invalid` for none, more than 256, or one longer than 65,535 bytes
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length < 1 || entries.length > TILE_WIDTH) {
    throw new TlogError('argument_invalid', `a bundle has 1 to ${TILE_WIDTH} entries`);
  }
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) {
      throw new TlogError('argument_invalid', `an entry has at most ${MAX_ENTRY_BYTES} bytes`);
    }
    parts.push(Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry);
  }
  return concatBytes(...parts);
}

/**
 * The entries of a bundle, as views into it. `limits.width` is how many it must have; `limits.maxEntryBytes` what the
 * log's entries are never longer than.
 * @throws TlogError `entry_bundle_malformed`
 */
export function decodeEntryBundle(
  bytes: Uint8Array,
  limits: { readonly width?: number; readonly maxEntryBytes?: number } = {},
): Uint8Array[] {
  const { width, maxEntryBytes = MAX_ENTRY_BYTES } = limits;
  const entries: Uint8Array[] = [];
  let place = 0;
  while (place < bytes.length) {
    if (entries.length === (width ?? TILE_WIDTH)) throw malformed('it has more entries than it may');
    const [high, low] = bytes.subarray(place, place + LENGTH_BYTES);
    if (high === undefined || low === undefined) throw malformed('it ends within a length');
    const length = high * 0x100 + low;
    if (length > maxEntryBytes) throw malformed('an entry is longer than it may be');
    const start = place + LENGTH_BYTES;
    place = start + length;
    if (place > bytes.length) throw malformed('it ends within an entry');
    entries.push(bytes.subarray(start, place));
  }
  if (entries.length === 0 || (width !== undefined && entries.length !== width)) {
    throw malformed('it has fewer entries than it must');
  }
  return entries;
}

function malformed(why: string): TlogError {
  return new TlogError('entry_bundle_malformed', `not an entry bundle: ${why}`);
}
