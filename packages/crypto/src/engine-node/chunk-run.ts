/** Runs in memory of their own, on the calling thread; the memory of a run is freed, that of a part is used again. */
import { createSecretKey, timingSafeEqual } from 'node:crypto';
import type { HashedPart, OpenedRun, Run } from '../age/chunk-cipher.ts';
import { CHUNK_BYTES, chunkCountOf, TAG_BYTES } from '../age/payload-size.ts';
import { giveBack, openChunks, sealChunks } from './chunk-crypt.ts';
import { sha256Of } from './sha256-of.ts';

export function sealRun({ payloadKey, firstChunk, final, bytes }: Run): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(bytes.length + chunkCountOf(bytes.length) * TAG_BYTES);
  sealChunks({ key: createSecretKey(payloadKey), firstChunk, final, input: bytes, output });
  giveBack(bytes);
  return output;
}

export function openRun({ payloadKey, firstChunk, final, bytes }: Run): OpenedRun {
  const output = new Uint8Array(Math.max(0, bytes.length - Math.ceil(bytes.length / CHUNK_BYTES) * TAG_BYTES));
  const opened = openChunks({ key: createSecretKey(payloadKey), firstChunk, final, input: bytes, output });
  const text = output.subarray(0, opened.bytes);
  if (opened.whole) {
    giveBack(bytes);
    return { bytes: text, whole: true };
  }
  const badChunk = bytes.slice(opened.chunks * CHUNK_BYTES, (opened.chunks + 1) * CHUNK_BYTES);
  giveBack(bytes);
  return { bytes: text, whole: false, badChunk };
}

export function openPart({ payloadKey, firstChunk, final, bytes, hash }: HashedPart): Uint8Array<ArrayBuffer> | null {
  const found = sha256Of(bytes);
  if (found.length !== hash.length || !timingSafeEqual(found, hash)) return null;
  const opened = openChunks({ key: createSecretKey(payloadKey), firstChunk, final, input: bytes, output: bytes });
  if (opened.whole) return bytes.subarray(0, opened.bytes);
  bytes.fill(0);
  return null;
}
