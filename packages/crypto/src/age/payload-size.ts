/**
 * Sizes of payloads (C2SP age, "Payload"): a nonce of 16 bytes, then chunks of 64 KiB plaintext and a 16-byte
 * tag each, the last one shorter where need be, and empty only where the whole plaintext is.
 */
import { CryptoError } from '../errors.ts';

export const NONCE_BYTES = 16;
export const TAG_BYTES = 16;
export const CHUNK_PLAINTEXT_BYTES: number = 64 * 1024;
export const CHUNK_BYTES: number = CHUNK_PLAINTEXT_BYTES + TAG_BYTES;

/** Number of chunks of a plaintext of this size; at least one. */
export function chunkCountOf(plaintextSizeBytes: number): number {
  checkSize(plaintextSizeBytes);
  return Math.max(1, Math.ceil(plaintextSizeBytes / CHUNK_PLAINTEXT_BYTES));
}

/**
 * Size of nonce and chunks for a plaintext of this size.
 * @throws CryptoError argument_invalid
 */
export function payloadSizeOf(plaintextSizeBytes: number): number {
  return checkSize(NONCE_BYTES + plaintextSizeBytes + TAG_BYTES * chunkCountOf(plaintextSizeBytes));
}

/**
 * The inverse of `payloadSizeOf`.
 * @throws CryptoError payload_truncated where no payload has this size; argument_invalid
 */
export function plaintextSizeOf(payloadSizeBytes: number): number {
  const chunksBytes = checkSize(payloadSizeBytes) - NONCE_BYTES;
  const chunkCount = Math.ceil(chunksBytes / CHUNK_BYTES);
  const lastChunkBytes = chunksBytes - (chunkCount - 1) * CHUNK_BYTES;
  const smallestBytes = chunkCount > 1 ? TAG_BYTES + 1 : TAG_BYTES;
  if (chunkCount < 1 || lastChunkBytes < smallestBytes)
    throw new CryptoError('payload_truncated', 'no payload has this size: it was cut short');
  return chunksBytes - chunkCount * TAG_BYTES;
}

/** Where chunk `index`, from 0, starts in the payload. */
export function chunkOffsetOf(index: number): number {
  return checkSize(NONCE_BYTES + checkSize(index) * CHUNK_BYTES);
}

function checkSize(sizeBytes: number): number {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0)
    throw new CryptoError('argument_invalid', 'a size is a whole number, not below zero and below 2^53');
  return sizeBytes;
}
