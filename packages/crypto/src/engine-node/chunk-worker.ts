/** What a thread of `chunk-threads.ts` runs. Imports little: a thread starts in the time that its modules take. */
import { createSecretKey } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { CHUNK_BYTES, chunkCountOf, TAG_BYTES } from '../age/payload-size.ts';
import { openChunks, sealChunks } from './chunk-crypt.ts';
import { type ChunkFileJob, segmentMover } from './chunk-file.ts';
import { ChunkFileState } from './chunk-file-state.ts';
import type { ThreadAnswer, ThreadTask } from './chunk-threads.ts';

const port = parentPort;
if (port === null) throw new Error('chunk-worker runs in a worker thread only');

port.on('message', ({ id, task }: { id: number; task: ThreadTask }) => {
  try {
    const { answer, transfer } = perform(task);
    port.postMessage({ id, answer }, transfer);
  } catch (error) {
    // A cloned error loses its code.
    const { code, syscall } = error as NodeJS.ErrnoException;
    port.postMessage({ id, failure: { message: String(error), code, syscall } });
  }
});

function perform(task: ThreadTask): { answer: ThreadAnswer; transfer: ArrayBuffer[] } {
  if (task.kind === 'file') {
    moveSegments(task.job, new ChunkFileState(task.shared));
    return { answer: { kind: 'file' }, transfer: [] };
  }
  const { payloadKey, firstChunk, final, bytes } = task.run;
  const key = createSecretKey(payloadKey);
  payloadKey.fill(0);
  if (task.kind === 'seal') {
    const sealed = new Uint8Array(bytes.length + chunkCountOf(bytes.length) * TAG_BYTES);
    sealChunks({ key, firstChunk, final, input: bytes, output: sealed });
    return { answer: { kind: 'seal', bytes: sealed }, transfer: [sealed.buffer] };
  }
  const output = new Uint8Array(Math.max(0, bytes.length - Math.ceil(bytes.length / CHUNK_BYTES) * TAG_BYTES));
  const opened = openChunks({ key, firstChunk, final, input: bytes, output });
  const answer = { kind: 'open', bytes: output.subarray(0, opened.bytes), whole: opened.whole } as const;
  return { answer, transfer: [output.buffer] };
}

function moveSegments(job: ChunkFileJob, state: ChunkFileState): void {
  state.enter();
  try {
    const moveNext = segmentMover(job, state);
    job.payloadKey.fill(0);
    while (moveNext());
  } catch (error) {
    state.stop();
    throw error;
  } finally {
    state.leave();
  }
}
