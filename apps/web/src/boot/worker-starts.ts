/** How the page starts its workers, whose addresses only the build knows. */
import type { WorkerStarts } from '../worker/connect-worker.ts';
import cryptoUrl from '../worker/crypto-worker.ts?worker&url';
import loginUrl from '../worker/login-worker.ts?worker&url';

export const WORKER_URLS: readonly string[] = [cryptoUrl, loginUrl];

/** @param urlOf what `new Worker` takes for one of those addresses */
export function workerStarts(urlOf: (address: string) => string): WorkerStarts {
  const startFrom = (address: string) => (): Worker => new Worker(urlOf(address), { type: 'module' });
  return { crypto: startFrom(cryptoUrl), login: startFrom(loginUrl) };
}
