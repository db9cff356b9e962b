/**
 * Moving a payload from one regular file to another with several threads. Every thread takes the next segment,
 * reads, seals or opens, and writes it at its place by itself; nothing but counters passes between them.
 */
import { createSecretKey } from 'node:crypto';
import { readSync, writeSync } from 'node:fs';
import { CHUNK_BYTES, CHUNK_PLAINTEXT_BYTES, chunkCountOf } from '../age/payload-size.ts';
import { openChunks, sealChunks } from './chunk-crypt.ts';
import type { ChunkFileState } from './chunk-file-state.ts';

export interface ChunkFileJob {
  readonly direction: 'seal' | 'open';
  /** 32 bytes. */
  readonly payloadKey: Uint8Array;
  /** Open file descriptors of the process; the caller closes them. */
  readonly sourceFd: number;
  readonly sinkFd: number;
  /** Where chunk 0 begins in each file. */
  readonly sourceOffset: number;
  readonly sinkOffset: number;
  /** Everything from `sourceOffset` to the end of the source. */
  readonly sourceBytes: number;
}

/** 1 MiB of plaintext: larger pieces were no faster, smaller ones cost more system calls (bench/seal/README.md). */
export const CHUNKS_PER_SEGMENT: number = 16;
/**
 * The work of one thread: each call moves one segment; false when none is left.
 * A system error of a read or write comes through as Node gives it.
 */
export function segmentMover(job: ChunkFileJob, state: ChunkFileState): () => boolean {
  const sealing = job.direction === 'seal';
  const [chunkIn, chunkOut] = sealing ? [CHUNK_PLAINTEXT_BYTES, CHUNK_BYTES] : [CHUNK_BYTES, CHUNK_PLAINTEXT_BYTES];
  const chunks = sealing ? chunkCountOf(job.sourceBytes) : Math.ceil(job.sourceBytes / CHUNK_BYTES);
  const key = createSecretKey(job.payloadKey);
  const input = new Uint8Array(CHUNKS_PER_SEGMENT * chunkIn);
  const output = new Uint8Array(CHUNKS_PER_SEGMENT * chunkOut);

  return () => {
    if (state.stopped) return false;
    const firstChunk = state.takeSegment() * CHUNKS_PER_SEGMENT;
    if (firstChunk >= chunks) return false;
    const count = Math.min(CHUNKS_PER_SEGMENT, chunks - firstChunk);
    const offset = firstChunk * chunkIn;
    const read = input.subarray(0, Math.min(count * chunkIn, job.sourceBytes - offset));
    if (!readFully(job.sourceFd, read, job.sourceOffset + offset)) {
      state.sourceEnded();
      return false;
    }
    const range = { key, firstChunk, final: firstChunk + count === chunks, input: read, output };
    if (sealing) {
      writeFully(job.sinkFd, output.subarray(0, sealChunks(range)), job.sinkOffset + firstChunk * chunkOut);
    } else {
      const opened = openChunks(range);
      if (!opened.whole) {
        state.fail(firstChunk + opened.chunks);
        return false;
      }
      writeFully(job.sinkFd, output.subarray(0, opened.bytes), job.sinkOffset + firstChunk * chunkOut);
    }
    state.countDone(count);
    return true;
  };
}

/**
 * True where the chunk opens as one in the middle although it stands at the end: the payload was cut between
 * two chunks.
 */
export function endsEarly(job: ChunkFileJob, chunk: number): boolean {
  const offset = chunk * CHUNK_BYTES;
  if (job.sourceBytes - offset !== CHUNK_BYTES) return false;
  const input = new Uint8Array(CHUNK_BYTES);
  if (!readFully(job.sourceFd, input, job.sourceOffset + offset)) return false;
  const output = new Uint8Array(CHUNK_PLAINTEXT_BYTES);
  const key = createSecretKey(job.payloadKey);
  const opened = openChunks({ key, firstChunk: chunk, final: false, input, output });
  output.fill(0);
  return opened.whole;
}

function readFully(fd: number, into: Uint8Array, position: number): boolean {
  for (let at = 0; at < into.length;) {
    const bytes = readSync(fd, into, at, into.length - at, position + at);
    if (bytes === 0) return false;
    at += bytes;
  }
  return true;
}

function writeFully(fd: number, from: Uint8Array, position: number): void {
  for (let at = 0; at < from.length;) at += writeSync(fd, from, at, from.length - at, position + at);
}
