/** Entry of the key log's thread: proofs and heads are computed here, so that they hold up nobody else. */
import { parentPort, workerData } from 'node:worker_threads';
import { openSqlite } from '../store/sqlite.ts';
import { logSigner } from './log-signer.ts';
import { LogState } from './log-state.ts';
import type { LogAnswer, LogQuestion, LogThreadData } from './log-worker.ts';

const port = parentPort;
if (port === null) throw new Error('log-thread.ts runs as a worker');

const { file, domain, secrets } = workerData as LogThreadData;
const connection = openSqlite({ file, mode: 'read' });
const state = new LogState(connection.db, logSigner(domain, secrets), secrets.vrfSecret);

// One after the other: what a question sees must not change while it is answered.
let turn: Promise<void> = answer(-1, () => state.open());
port.on('message', (question: LogQuestion | 'stop') => {
  turn = turn.then(() => (question === 'stop' ? stop() : answer(question.id, () => ask(question))));
});

function ask({ name, input }: LogQuestion): unknown {
  // The worker's side pairs each name with its own input.
  const method = state[name] as (input: unknown) => unknown;
  return method.call(state, input);
}

async function answer(id: number, work: () => unknown): Promise<void> {
  let outcome: LogAnswer;
  try {
    outcome = { id, result: await work() };
  } catch (error) {
    outcome = { id, failed: error instanceof Error ? error.message : 'not an Error' };
  }
  port?.postMessage(outcome);
}

function stop(): void {
  connection.close();
  port?.close();
}
