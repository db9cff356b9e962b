import type { ResponseOf, ROUTES } from '@latchkey/protocol/wire';
import type { Tables } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { Refused } from '../store/refused.ts';

export interface ListEvents {
  readonly account: Uint8Array;
  readonly after: number;
  readonly limit: number;
}

type Listed = ResponseOf<(typeof ROUTES)['eventsList']>;

/** Number of the newest event; 0 before the first. */
export async function newestEvent({ db }: Pick<Store, 'db'>, account: Uint8Array): Promise<number> {
  const row = await db.selectFrom('account').select('events_ever').where('id', '=', account).executeTakeFirstOrThrow();
  return row.events_ever;
}

/** @throws Refused `cursor_old` where events after the cursor have been dropped, or were never there */
export async function listEvents({ db }: Store, { account, after, limit }: ListEvents): Promise<Listed> {
  // The count first: an event that comes between the two reads is then only one more.
  const newest = await newestEvent({ db }, account);
  const rows = await db
    .selectFrom('event')
    .selectAll()
    .where('account', '=', account)
    .where('number', '>', after)
    .orderBy('number')
    .limit(limit + 1)
    .execute();
  const [first] = rows;
  const isOld = first === undefined ? after !== newest : first.number !== after + 1;
  if (isOld) throw new Refused('cursor_old');
  return {
    newest: Math.max(newest, rows.at(-1)?.number ?? 0),
    events: rows.slice(0, limit).map(asEvent),
    more: rows.length > limit,
  };
}

function asEvent({ number, kind, space, value }: Tables['event']): Listed['events'][number] {
  if (kind === 'arrival') return { number, kind, arrival: value };
  if (kind === 'space' && space !== null) return { number, kind, space, size: value };
  return { number, kind: 'account' };
}
