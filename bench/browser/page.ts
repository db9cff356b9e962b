/** Hands requests to the sealing worker; the page's own thread does nothing. */
import type { Reply, Request } from './sealing-worker.ts';

const worker = new Worker('/sealing-worker.js', { type: 'module' });

export function ask(request: Request): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.addEventListener(
      'message',
      ({ data }: MessageEvent<Reply>) => {
        if ('value' in data) resolve(data.value);
        else reject(new Error(data.failure));
      },
      { once: true },
    );
    worker.postMessage(request, []);
  });
}
