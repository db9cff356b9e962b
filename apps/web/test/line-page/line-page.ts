/** A page that is nothing but the line: tests drive the worker through it, under the policy of the app. */
import { SERVICE_WORKER_URL, withServiceWorker } from '../../src/boot/start-service-worker.ts';
import { WORKER_URLS, workerStarts } from '../../src/boot/worker-starts.ts';
import { connectWorker } from '../../src/worker/connect-worker.ts';
import type { News, RequestName } from '../../src/worker/contract.ts';
import { scriptUrls } from '../../src/worker/script-urls.ts';

const urlOf = scriptUrls([...WORKER_URLS, SERVICE_WORKER_URL]);
const line = withServiceWorker(urlOf, connectWorker(workerStarts(urlOf)));
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
