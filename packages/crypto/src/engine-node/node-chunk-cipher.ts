/** The chunk cipher of Node: this thread and some more, for runs in memory and for whole files. */
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChunkCipher, HashedBytes, OpenedRun } from '../age/chunk-cipher.ts';
import { CHUNK_BYTES, CHUNK_PLAINTEXT_BYTES, chunkCountOf, TAG_BYTES } from '../age/payload-size.ts';
import type { Encapsulations } from '../engine/encapsulations.ts';
import type { Engine } from '../engine/engine.ts';
import { HYBRID_KEM_PUBLIC_KEY_BYTES } from '../engine/sizes.ts';
import { CryptoError } from '../errors.ts';
import { type ChunkFileJob, CHUNKS_PER_SEGMENT, endsEarly, segmentMover } from './chunk-file.ts';
import { ChunkFileState, MAX_CHUNKS } from './chunk-file-state.ts';
import { openPart, openRun, sealRun } from './chunk-run.ts';
import { encapsulationsAhead } from './encapsulations-ahead.ts';
import { sha256Of } from './sha256-of.ts';
import { ChunkThread } from './chunk-threads.ts';

export interface NodeChunkOptions {
  /** Threads including this one. Default: one per core, at most 4, so that memory stays under 200 MB. */
  readonly threads?: number;
  /** Payloads below this many bytes stay on this thread. */
  readonly threadsFromBytes?: number;
  /** Fewer encapsulations than this stay on this thread. */
  readonly threadsFromKeys?: number;
}

export interface ChunkFileOptions {
  readonly onProgress?: (chunks: number) => void;
  readonly signal?: { readonly aborted: boolean };
}

/** `source_short`: the source ended before its size said so. Then, and when stopped, the sink holds some chunks. */
export type ChunkFileOutcome = 'moved' | 'stopped' | 'source_short';

export interface NodeChunkCipher extends ChunkCipher {
  /**
   * Seals or opens a whole payload from file to file.
   * @throws CryptoError payload_damaged, payload_truncated: the sink then holds some chunks and must be discarded;
   *   argument_invalid; engine_thread_failed; system errors of reads and writes with Node's `code`
   */
  moveFile(job: ChunkFileJob, options?: ChunkFileOptions): Promise<ChunkFileOutcome>;
  /**
   * The other threads begin at once with encapsulations to all these keys, in their order; null where that would not be
   * quicker. Those threads get public keys and nothing else; what they make is in memory that all threads see until it
   * is taken. They answer for the library that `engine` tests before anything is given.
   */
  encapsulateAhead(
    engine: Pick<Engine, 'hybridKemEncapsulate'>,
    publicKeys: readonly Uint8Array[],
  ): Encapsulations | null;
  /** Ends the threads. Not needed before the process ends. */
  close(): Promise<void>;
}

const MOST_THREADS = 4;
/** Starting a thread costs about as much as sealing 64 MiB here (bench/seal/README.md). */
const THREADS_FROM_BYTES = 64 * 1024 * 1024;
/** Starting a thread takes 40 ms, which is 200 encapsulations (bench/mail/README.md). */
const THREADS_FROM_KEYS = 200;
/** Runs that wait at each thread before this thread takes one itself. */
const RUNS_PER_THREAD = 2;
/** About 10 ms between looks at signals, timers and the stop flag. */
const SEGMENTS_PER_TURN = 16;

export function nodeChunkCipher(options: NodeChunkOptions = {}): NodeChunkCipher {
  const threads = options.threads ?? Math.min(MOST_THREADS, availableParallelism());
  const others = Array.from({ length: threads - 1 }, () => new ChunkThread());
  const threadsFromBytes = options.threadsFromBytes ?? THREADS_FROM_BYTES;
  let seenBytes = 0;

  /** The other thread with the least to do, or null where this one should do it. */
  const freeThread = (newBytes: number): ChunkThread | null => {
    seenBytes += newBytes;
    if (seenBytes < threadsFromBytes) return null;
    const [best] = others.toSorted((one, other) => one.pending - other.pending);
    return best !== undefined && best.pending < RUNS_PER_THREAD ? best : null;
  };

  return {
    chunksPerRun: CHUNKS_PER_SEGMENT,
    runsInFlight: others.length * RUNS_PER_THREAD + 1,

    async sealRun(run): Promise<Uint8Array<ArrayBuffer>> {
      const answer = await freeThread(run.bytes.length)?.perform({ kind: 'seal', run });
      return answer?.kind === 'seal' ? answer.bytes : sealRun(run);
    },

    async openRun(run): Promise<OpenedRun> {
      const answer = await freeThread(run.bytes.length)?.perform({ kind: 'open', run });
      return answer?.kind === 'open' ? answer : openRun(run);
    },

    async hash(bytes): Promise<HashedBytes> {
      // What is not alone in its memory would be copied there and back. Its bytes have been counted as runs.
      const isAlone = bytes.length === bytes.buffer.byteLength;
      const answer = isAlone ? await freeThread(0)?.perform({ kind: 'hash', bytes }) : undefined;
      return answer?.kind === 'hash' ? answer : { hash: sha256Of(bytes), bytes };
    },

    async openPart(part): Promise<Uint8Array<ArrayBuffer> | null> {
      const answer = await freeThread(part.bytes.length)?.perform({ kind: 'part', run: part });
      return answer?.kind === 'part' ? answer.bytes : openPart(part);
    },

    async moveFile(job, { onProgress, signal } = {}): Promise<ChunkFileOutcome> {
      if (job.sourceBytes > MAX_CHUNKS * CHUNK_PLAINTEXT_BYTES)
        throw new CryptoError('argument_invalid', 'the payload has more chunks than can be counted here');
      const state = new ChunkFileState();
      const threads = job.sourceBytes < threadsFromBytes ? [] : others;
      const answers = threads.map((thread) => thread.perform({ kind: 'file', job, shared: state.buffer }));
      const here = moveHere(segmentMover(job, state), () => {
        onProgress?.(state.doneChunks);
        if (signal?.aborted === true) state.stop();
      });
      const theirs = Promise.allSettled(answers);
      try {
        await here;
      } catch (error) {
        state.stop();
        await theirs;
        throw error;
      }
      if (state.doneChunks === chunkCount(job) && job.sourceBytes > 0 && !state.inUse) {
        // A thread that comes only now finds nothing left to take: the files may be closed under it.
        for (const thread of threads) thread.letGo();
        return 'moved';
      }
      for (const end of await theirs) if (end.status === 'rejected') throw end.reason;
      onProgress?.(state.doneChunks);
      return judge(job, state);
    },

    encapsulateAhead(engine, publicKeys): Encapsulations | null {
      const areWorthIt = others.length > 0 && publicKeys.length >= (options.threadsFromKeys ?? THREADS_FROM_KEYS);
      const haveLength = publicKeys.every(({ length }) => length === HYBRID_KEM_PUBLIC_KEY_BYTES);
      return areWorthIt && haveLength ? encapsulationsAhead(others, engine, publicKeys) : null;
    },

    async close(): Promise<void> {
      await Promise.all(others.map((thread) => thread.close()));
    },
  };
}

async function moveHere(moveNext: () => boolean, everyTurn: () => void): Promise<void> {
  for (let moved = 1; moveNext(); moved++) {
    if (moved % SEGMENTS_PER_TURN !== 0) continue;
    everyTurn();
    await nextTurn();
  }
  everyTurn();
}

function judge(job: ChunkFileJob, state: ChunkFileState): ChunkFileOutcome {
  if (state.sourceShort) return 'source_short';
  const failed = state.failedChunk;
  const chunks = chunkCount(job);
  if (failed !== null) throw isCutOff(job, failed, chunks) ? truncated() : damaged();
  if (chunks === 0) throw truncated();
  return state.doneChunks === chunks ? 'moved' : 'stopped';
}

function chunkCount({ direction, sourceBytes }: ChunkFileJob): number {
  return direction === 'seal' ? chunkCountOf(sourceBytes) : Math.ceil(sourceBytes / CHUNK_BYTES);
}

/** The same verdicts as of the streaming way: less than a tag, or a last chunk without the final flag. */
function isCutOff(job: ChunkFileJob, failed: number, chunks: number): boolean {
  return failed === chunks - 1 && (job.sourceBytes - failed * CHUNK_BYTES < TAG_BYTES || endsEarly(job, failed));
}

function damaged(): CryptoError {
  return new CryptoError('payload_damaged', 'the payload was changed: a chunk does not open');
}

function truncated(): CryptoError {
  return new CryptoError('payload_truncated', 'the payload was cut short');
}
