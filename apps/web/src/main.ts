/** The page: the line to the crypto worker, the service worker, and the screens before them. */
import './boot/load-part.ts';
import { mountApp } from './app/mount-app.ts';
import { lookingFirst } from './boot/first-look.ts';
import { SERVICE_WORKER_URL, withServiceWorker } from './boot/start-service-worker.ts';
import { connectWorker } from './worker/connect-worker.ts';
import workerUrl from './worker/crypto-worker.ts?worker&url';
import { scriptUrls } from './worker/script-urls.ts';

const target = document.querySelector<HTMLElement>('#app');
if (target === null) throw new Error('the page has no place for the app');

const urlOf = scriptUrls([workerUrl, SERVICE_WORKER_URL]);
const worker = connectWorker(() => new Worker(urlOf(workerUrl), { type: 'module' }));
const line = lookingFirst(withServiceWorker(urlOf, worker));
void mountApp(target, line);
