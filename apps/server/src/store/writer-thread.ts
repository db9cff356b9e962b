/** Entry of the writer thread: the only place that writes to the database while the server runs. */
import { parentPort, workerData } from 'node:worker_threads';
import { WRITES } from '../writes/index.ts';
import { openSqlite } from './sqlite.ts';
import { tryRewrite } from './try-rewrite.ts';
import { WriteQueue, type QueuedJob } from './write-queue.ts';

const port = parentPort;
if (port === null) throw new Error('writer-thread.ts runs as a worker');

const { file } = workerData as { file: string };
const connection = openSqlite({ file, mode: 'write' });
const queue = new WriteQueue(connection, WRITES, (finished) => port.postMessage(finished));

port.on('message', (message: QueuedJob | 'truncate' | 'rewrite' | 'stop') => {
  if (message === 'truncate') return connection.truncateLog();
  if (message === 'rewrite') return tryRewrite(connection);
  if (message === 'stop') {
    connection.close();
    return port.close();
  }
  return queue.push(message);
});
