/** The page: the line to the crypto worker, the service worker, and the screens before them. */
import './boot/load-part.ts';
import { mountApp } from './app/mount-app.ts';
import { lookingFirst } from './boot/first-look.ts';
import { SERVICE_WORKER_URL, withServiceWorker } from './boot/start-service-worker.ts';
import { WORKER_URLS, workerStarts } from './boot/worker-starts.ts';
import { connectWorker } from './worker/connect-worker.ts';
import { scriptUrls } from './worker/script-urls.ts';

const target = document.querySelector<HTMLElement>('#app');
if (target === null) throw new Error('the page has no place for the app');

const urlOf = scriptUrls([...WORKER_URLS, SERVICE_WORKER_URL]);
const worker = connectWorker(workerStarts(urlOf));
const line = lookingFirst(withServiceWorker(urlOf, worker));
void mountApp(target, line);
