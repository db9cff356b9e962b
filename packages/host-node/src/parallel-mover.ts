/** Payloads from one regular file to another, with all threads of the chunk cipher. */
import type { NodeChunkCipher } from '@latchkey/crypto/engine-node';
import type { PayloadJob, PayloadMover, PayloadOutcome } from '@latchkey/sdk/by-hand';
import { AsideFileSink } from './aside-file-sink.ts';
import { HostError } from './errors.ts';
import { hostErrorOf } from './host-error-of.ts';
import { RegularFileSource } from './regular-file-source.ts';

const CHUNK_PLAINTEXT_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const CHUNK_BYTES = CHUNK_PLAINTEXT_BYTES + TAG_BYTES;

export function parallelMover(chunks: NodeChunkCipher): PayloadMover {
  return {
    seal: (job) => move(chunks, 'seal', job),
    open: (job) => move(chunks, 'open', job),
  };
}

async function move(chunks: NodeChunkCipher, direction: 'seal' | 'open', job: PayloadJob): Promise<PayloadOutcome> {
  const { source, sink, payloadKey, sourceOffset, onProgress, signal } = job;
  if (!(source instanceof RegularFileSource) || !(sink instanceof AsideFileSink)) return { outcome: 'not_taken' };
  const sourceBytes = source.sizeBytes - sourceOffset;
  if (sourceBytes < 0) return { outcome: 'not_taken' };
  const chunkCount =
    direction === 'seal'
      ? Math.max(1, Math.ceil(sourceBytes / CHUNK_PLAINTEXT_BYTES))
      : Math.ceil(sourceBytes / CHUNK_BYTES);
  const plaintextBytes = direction === 'seal' ? sourceBytes : sourceBytes - chunkCount * TAG_BYTES;

  try {
    const outcome = await chunks.moveFile(
      {
        direction,
        payloadKey,
        sourceFd: source.fd,
        sourceOffset,
        sourceBytes,
        sinkFd: sink.fd,
        sinkOffset: sink.position,
      },
      {
        onProgress: (done) => onProgress?.(Math.min(done * CHUNK_PLAINTEXT_BYTES, plaintextBytes)),
        ...(signal === undefined ? {} : { signal }),
      },
    );
    if (outcome === 'stopped') return { outcome };
    if (outcome === 'source_short')
      throw new HostError('source_changed', `${source.path}: it was changed while it was read`);
  } catch (error) {
    const reading = error instanceof Error && 'syscall' in error && error.syscall === 'read';
    throw hostErrorOf(error, reading ? { action: 'read', path: source.path } : { action: 'write', path: sink.path });
  }
  // The last chunk is the one at the end of the file as it was when it was opened; it has to be the end still.
  source.checkUnchanged();
  sink.skip(direction === 'seal' ? plaintextBytes + chunkCount * TAG_BYTES : plaintextBytes);
  return { outcome: 'moved', plaintextBytes };
}
