import { limits } from '@latchkey/protocol/wire';

export function partCount(sizeBytes: number): number {
  return Math.ceil(sizeBytes / limits.PART_BYTES);
}

/** @returns null where an upload of this size has no such part */
export function partPlace(sizeBytes: number, part: number): { offsetBytes: number; sizeBytes: number } | null {
  const count = partCount(sizeBytes);
  if (part >= count) return null;
  const offsetBytes = part * limits.PART_BYTES;
  return { offsetBytes, sizeBytes: Math.min(limits.PART_BYTES, sizeBytes - offsetBytes) };
}
