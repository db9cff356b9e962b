/** A page that is nothing but the line: tests drive the worker through it, under the policy of the app. */
import { SERVICE_WORKER_URL, withServiceWorker } from '../../src/boot/start-service-worker.ts';
import { connectWorker } from '../../src/worker/connect-worker.ts';
import type { News, RequestName } from '../../src/worker/contract.ts';
import workerUrl from '../../src/worker/crypto-worker.ts?worker&url';
import { scriptUrls } from '../../src/worker/script-urls.ts';

const urlOf = scriptUrls([workerUrl, SERVICE_WORKER_URL]);
const line = withServiceWorker(
  urlOf,
  connectWorker(() => new Worker(urlOf(workerUrl), { type: 'module' })),
);
const heard: News[] = [];
line.listen((news) => {
  heard.push(news);
});

Object.assign(globalThis, {
  latchkeyHeard: heard,
  latchkeyCall: (name: RequestName, ask: never) =>
    line.call(name, ask).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ failure: (error as { failure?: unknown }).failure ?? String(error) }),
    ),
});
