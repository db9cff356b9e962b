/** The service worker: which of its two jobs a request is for. */
import { answerItem } from './items.ts';
import { dropOldShells, fromShell, keepShell, type Shell } from './shell.ts';

/** Put here by the build. */
declare const LATCHKEY_SHELL: Shell;

/** As far as it is used; TypeScript's library of service workers does not go together with that of pages. */
interface WorkerScope {
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly never[]>;
  };
  addEventListener(type: 'install' | 'activate' | 'message', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
}

interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const scope = globalThis as unknown as WorkerScope;
const shell = LATCHKEY_SHELL;
const itemPath = `${shell.page}item/`;

scope.addEventListener('install', (event) => event.waitUntil(keepShell(shell)));
scope.addEventListener('activate', (event) => event.waitUntil(dropOldShells(shell).then(() => scope.clients.claim())));
// To be heard is to stay awake; there is nothing to do.
scope.addEventListener('message', (event) => event.waitUntil(Promise.resolve()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== globalThis.location.origin) return;
  if (pathname.startsWith(itemPath)) {
    event.respondWith(answerItem(scope, request, (end) => event.waitUntil(end)));
  } else if (pathname.startsWith(shell.page)) {
    event.respondWith(fromShell(shell, request).then((response) => response ?? fetch(request)));
  }
});
