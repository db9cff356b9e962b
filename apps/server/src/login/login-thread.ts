/** Entry of the login thread: OPAQUE is synchronous WebAssembly and must not hold up everybody else. */
import { parentPort, workerData } from 'node:worker_threads';
import { loginServer } from '@latchkey/crypto/login-server';
import type { LoginAnswer, LoginQuestion } from './login-worker.ts';

const port = parentPort;
if (port === null) throw new Error('login-thread.ts runs as a worker');

const { setup } = workerData as { setup: string };
const server = await loginServer(setup);
port.postMessage({ id: -1, result: server.publicKey } satisfies LoginAnswer);

port.on('message', (question: LoginQuestion) => {
  port.postMessage({ id: question.id, result: answer(question) } satisfies LoginAnswer);
});

function answer(question: LoginQuestion): LoginAnswer['result'] {
  try {
    switch (question.ask) {
      case 'register':
        return server.register(question.address, question.message);
      case 'start':
        return server.start(question.names, question.record, question.message);
      case 'finish':
        return server.finish(question.names, question.state, question.message);
      default:
        return null;
    }
  } catch {
    return null;
  }
}
