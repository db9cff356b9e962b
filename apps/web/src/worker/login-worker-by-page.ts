/**
 * The login worker as the crypto worker has it: the page starts it, because a worker that starts another one stands
 * still for ever in Firefox now and then, when a service worker is coming at that moment. What is asked and answered
 * goes from worker to worker; the page holds neither end of that line.
 */
import type { LoginReply, LoginWorker } from '@latchkey/host-web';
import type { ToPage } from './line-messages.ts';

/** What page and crypto worker tell each other about a login worker. */
export type LoginWorkerEnd = 'failed' | 'terminate';

/** @param post to the page, with what goes over to it */
export function loginWorkerByPage(post: (message: ToPage, transfer: Transferable[]) => void): LoginWorker {
  const line = new MessageChannel();
  const end = new MessageChannel();
  post({ login: line.port2, end: end.port2 }, [line.port2, end.port2]);
  line.port1.start();
  end.port1.start();
  return {
    postMessage: (question) => line.port1.postMessage(question),
    addEventListener(type: 'message' | 'error', listener: (event: MessageEvent<LoginReply>) => void) {
      (type === 'message' ? line : end).port1.addEventListener('message', listener);
    },
    terminate() {
      end.port1.postMessage('terminate' satisfies LoginWorkerEnd);
      line.port1.close();
    },
  };
}

/** The page's part. */
export function startForCryptoWorker(start: () => Worker, line: MessagePort, end: MessagePort): void {
  const worker = start();
  worker.addEventListener('error', () => end.postMessage('failed' satisfies LoginWorkerEnd));
  end.addEventListener('message', () => {
    worker.terminate();
    end.close();
  });
  end.start();
  worker.postMessage(line, [line]);
}
