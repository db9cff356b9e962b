/** What a thread of `chunk-threads.ts` runs. Imports little: a thread starts in the time that its modules take. */
import { parentPort } from 'node:worker_threads';
import { type ChunkFileJob, segmentMover } from './chunk-file.ts';
import { ChunkFileState } from './chunk-file-state.ts';
import { openPart, openRun, sealRun } from './chunk-run.ts';
import { EncapsulationState } from './encapsulation-state.ts';
import { nodeEncapsulate } from './node-encapsulate.ts';
import { sha256Of } from './sha256-of.ts';
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
  if (task.kind === 'encapsulate') {
    const state = new EncapsulationState(task.shared);
    for (let place = state.claim(); place !== null; place = state.claim()) {
      state.put(place, nodeEncapsulate(state.keyAt(place)));
    }
    return { answer: { kind: 'encapsulate' }, transfer: [] };
  }
  if (task.kind === 'hash') {
    const { bytes } = task;
    return { answer: { kind: 'hash', hash: sha256Of(bytes), bytes }, transfer: [bytes.buffer] };
  }
  const { run } = task;
  if (task.kind === 'seal') {
    const bytes = sealRun(run);
    run.payloadKey.fill(0);
    return { answer: { kind: 'seal', bytes }, transfer: [bytes.buffer] };
  }
  if (task.kind === 'part') {
    const bytes = openPart(task.run);
    run.payloadKey.fill(0);
    return { answer: { kind: 'part', bytes }, transfer: bytes === null ? [] : [bytes.buffer] };
  }
  const opened = openRun(run);
  run.payloadKey.fill(0);
  return { answer: { kind: 'open', ...opened }, transfer: [opened.bytes.buffer] };
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
