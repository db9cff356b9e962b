/** `padded = u64 length ‖ body ‖ zero bytes` (docs/spec/04-records.md, "Padding"). */
import { decodeUnsigned, encodeU64 } from './big-endian.ts';

export const LENGTH_PREFIX_BYTES = 8;

/** `paddedBytes` is at least eight more than the body has. */
export function encodePadded(body: Uint8Array, paddedBytes: number): Uint8Array {
  const padded = new Uint8Array(paddedBytes);
  padded.set(encodeU64(BigInt(body.length)));
  padded.set(body, LENGTH_PREFIX_BYTES);
  return padded;
}

/**
 * The body, a copy. Null unless the length fits, `sizeOf` gives exactly this padded size for it, and every byte after
 * the body is zero: one body has one padded form.
 */
export function decodePadded(padded: Uint8Array, sizeOf: (unpaddedBytes: number) => number): Uint8Array | null {
  if (padded.length < LENGTH_PREFIX_BYTES) return null;
  const lengthBytes = decodeUnsigned(padded.subarray(0, LENGTH_PREFIX_BYTES));
  if (lengthBytes > BigInt(padded.length - LENGTH_PREFIX_BYTES)) return null;
  const end = LENGTH_PREFIX_BYTES + Number(lengthBytes);
  if (sizeOf(end) !== padded.length) return null;
  for (let at = end; at < padded.length; at += 1) if (padded[at] !== 0) return null;
  return padded.slice(LENGTH_PREFIX_BYTES, end);
}
