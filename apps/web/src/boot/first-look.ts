/**
 * Whether this browser has an account at all. Where it has none, the welcome screen needs no worker, no cipher and no
 * wire: somebody who only looks loads a tenth of the app.
 */
import type { Answer, Ask, CallOptions, RequestName, ServerHere } from '../worker/contract.ts';
import type { ConnectedWorker } from '../worker/connect-worker.ts';

const ACCOUNT_DATABASE = 'latchkey/account/';

export function lookingFirst(line: ConnectedWorker): ConnectedWorker {
  const call = async <N extends RequestName>(name: N, ask: Ask<N>, options?: CallOptions): Promise<Answer<N>> => {
    if (name === 'start' && !(await hasAccounts())) {
      const nobody: Answer<'start'> = { accounts: [], last: null, server: await serverHere(), keeps: true };
      return nobody;
    }
    return line.call(name, name === 'openItem' ? { ...ask, streams: hasServiceWorker() } : ask, options);
  };
  return { ...line, call };
}

function hasServiceWorker(): boolean {
  return 'serviceWorker' in navigator && navigator.serviceWorker.controller !== null;
}

async function hasAccounts(): Promise<boolean> {
  try {
    return (await indexedDB.databases()).some(({ name }) => name?.startsWith(ACCOUNT_DATABASE) === true);
  } catch {
    // The worker tells what is the matter.
    return true;
  }
}

/** For the screen alone: before an account is made, the worker asks and checks again. */
async function serverHere(): Promise<ServerHere | null> {
  try {
    const answer = await fetch('/.well-known/latchkey', { credentials: 'omit', redirect: 'error', cache: 'no-store' });
    const { origin, domain, registration } = (await answer.json()) as Record<string, unknown>;
    if (typeof origin !== 'string' || typeof domain !== 'string') return null;
    if (registration !== 'open' && registration !== 'invite' && registration !== 'closed') return null;
    return { origin, domain, registration };
  } catch {
    return null;
  }
}
