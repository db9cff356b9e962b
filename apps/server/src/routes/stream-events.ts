import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { encodeJson } from '@latchkey/protocol/wire';
import type { Session } from '../http/call.ts';
import { API_HEADERS } from '../http/headers.ts';
import type { Store } from '../store/store.ts';
import { Refused } from '../store/refused.ts';
import { dayOf } from '../times.ts';
import { listEvents } from './list-events.ts';

const aliveMs = 25_000;
const pageSize = 256;

export interface StreamTo {
  readonly outgoing: ServerResponse;
  readonly after: number;
}

/** Server-sent events written by hand: a helper costs twice the memory for each idle client. */
export async function streamEvents(store: Store, session: Session, { outgoing, after }: StreamTo): Promise<void> {
  const { account } = session;
  let cursor = after;
  let wake: () => void = () => undefined;
  let isWoken = true;
  const unwatch = store.watch(Buffer.from(account).toString('hex'), () => {
    isWoken = true;
    wake();
  });
  outgoing.once('close', () => wake());
  outgoing.writeHead(200, { ...API_HEADERS, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  // By itself: what goes out whole is kept as one string, and no longer as the forty that it was put together from.
  outgoing.flushHeaders();
  outgoing.write(': here\n\n');
  try {
    while (!outgoing.destroyed) {
      if (isWoken) {
        isWoken = false;
        if (!(await isOpen(store, session))) break;
        cursor = await sendNew(store, session, { outgoing, after: cursor });
      }
      if (isWoken || outgoing.destroyed) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, aliveMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      if (isWoken || outgoing.destroyed) continue;
      if (!(await isOpen(store, session))) break;
      outgoing.write(': alive\n\n');
    }
  } catch (error) {
    // The head is out: all that is left is to end, and the client comes again.
    if (!(error instanceof Refused)) throw error;
  } finally {
    unwatch();
    outgoing.end();
  }
}

async function sendNew(store: Store, { account }: Session, { outgoing, after }: StreamTo): Promise<number> {
  let cursor = after;
  for (;;) {
    const { events, more } = await listEvents(store, { account, after: cursor, limit: pageSize });
    if (events.length === 0) return cursor;
    const text = events.map((event) => `id: ${event.number}\ndata: ${encodeJson(event)}\n\n`).join('');
    const hasRoom = outgoing.write(text);
    cursor = events.at(-1)?.number ?? cursor;
    // A client that does not read holds up nobody and gathers nothing here.
    if (!hasRoom && !outgoing.destroyed) await Promise.race([once(outgoing, 'drain'), once(outgoing, 'close')]);
    if (!more || outgoing.destroyed) return cursor;
  }
}

async function isOpen({ db, clock }: Store, { account, tokenHash }: Session): Promise<boolean> {
  const row = await db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account')
    .select('session.id')
    .where('session.account', '=', account)
    .where('session.token_hash', '=', tokenHash)
    .where('session.expires_day', '>=', dayOf(clock()))
    .where('account.state', 'in', ['open', 'closing'])
    .executeTakeFirst();
  return row !== undefined;
}
