/** The page's half of the service worker: it registers it, and carries its wishes for items to the crypto worker. */
import type { ConnectedWorker } from '../worker/connect-worker.ts';
import type { Answer, Ask, CallOptions, RequestName } from '../worker/contract.ts';
import type { ItemWanted } from '../service-worker/item-messages.ts';

export const SERVICE_WORKER_URL: string = `${import.meta.env.BASE_URL}service-worker.js`;

/** After the page has shown what its owner came for; who only looks is spared it. */
const REGISTER_AFTER_MS = 3_000;
/** A browser ends a service worker that hears nothing, also one that carries a long download. */
const KEEP_EVERY_MS = 10_000;

/** Whoever has an account here opens it by one of these. */
const OPENING: ReadonlySet<RequestName> = new Set(['register', 'signIn', 'open', 'unlock']);

/** @returns the line, which from the first opened account on has a service worker beside it */
export function withServiceWorker(urlOf: (address: string) => string, line: ConnectedWorker): ConnectedWorker {
  // Absent in some private windows: items then come through memory.
  if (!('serviceWorker' in navigator)) return line;
  let isStarted = false;
  return {
    ...line,
    async call<N extends RequestName>(name: N, ask: Ask<N>, options?: CallOptions): Promise<Answer<N>> {
      const answer = await line.call(name, ask, options);
      if (OPENING.has(name) && !isStarted) {
        isStarted = true;
        start(urlOf, line);
      }
      return answer;
    },
  };
}

function start(urlOf: (address: string) => string, line: ConnectedWorker): void {
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener('message', ({ data, ports: [port] }: MessageEvent<ItemWanted>) => {
    if (port === undefined) return;
    line.serveItem(data.item, port);
    keepAwake(serviceWorker);
  });
  serviceWorker.startMessages();
  setTimeout(() => {
    serviceWorker.register(urlOf(SERVICE_WORKER_URL), { scope: import.meta.env.BASE_URL }).catch(() => undefined);
  }, REGISTER_AFTER_MS);
}

let keeping = false;

/** For as long as the page is there: a message every few seconds costs nothing. */
function keepAwake(serviceWorker: ServiceWorkerContainer): void {
  if (keeping) return;
  keeping = true;
  setInterval(() => serviceWorker.controller?.postMessage({ keep: true }), KEEP_EVERY_MS);
}
