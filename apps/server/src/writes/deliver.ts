import { createHash } from 'node:crypto';
import { arrivalHash } from '@latchkey/protocol/wire';
import { frozenQuery } from '../store/frozen-query.ts';
import type { WriteContext } from '../store/group-commit.ts';
import type { Tables } from '../store/schema.ts';
import { hourOf } from '../times.ts';
import { insertEvent } from './add-event.ts';
import { addBlobUnlessThere } from './blobs.ts';

/** One message for some of its recipients. */
export interface Delivery {
  readonly items: readonly DeliveredItem[];
  readonly recipients: readonly DeliveredTo[];
}

export interface DeliveredItem {
  readonly blob: Uint8Array;
  readonly sizeBytes: number;
  /** What came with the call itself; null where the blob is there already. */
  readonly content: Uint8Array | null;
}

export interface DeliveredTo {
  readonly address: string;
  readonly key: Uint8Array;
  readonly part: Uint8Array;
  /** One for each item. */
  readonly headers: readonly (Uint8Array | null)[];
}

export type DeliveryAnswer = 'ok' | 'unknown' | 'full' | 'gone';

/**
 * Who has the same key already has the arrival, filed or not. What came with the call becomes a blob when the first
 * recipient takes it: what nobody takes is never written, so that nobody can fill the disk with what counts to no one.
 */
export async function deliver(
  context: WriteContext,
  { items, recipients }: Delivery,
): Promise<readonly DeliveryAnswer[]> {
  const answers: DeliveryAnswer[] = [];
  let isThere = items.every(({ content }) => content === null);
  for (const recipient of recipients) {
    const taker = await takerOf(context, items, recipient);
    if (typeof taker === 'string') {
      answers.push(taker);
      continue;
    }
    if (!isThere) {
      for (const { blob, sizeBytes, content } of items) {
        if (content !== null) await addBlobUnlessThere(context, { id: blob, sizeBytes, content, file: null });
      }
      isThere = true;
    }
    await addArrival(context, { items, recipient, taker });
    answers.push('ok');
  }
  return answers;
}

type Taker = Row<'account', 'id' | 'used_bytes' | 'arrivals_here' | 'arrivals_ever' | 'events_ever'>;

/** The recipient's account, or why nothing is to be written. */
async function takerOf(
  { db }: WriteContext,
  items: readonly DeliveredItem[],
  { address, key }: DeliveredTo,
): Promise<Taker | DeliveryAnswer> {
  const [account] = await accountOf(db, { address });
  if (account === undefined) return 'unknown';
  if (account.state !== 'open') return 'gone';
  const [known] = await arrivalOf(db, { account: account.id, key });
  if (known !== undefined) return 'ok';
  if (account.used_bytes + bytesOf(items) > account.quota_bytes) return 'full';
  return account.arrivals_here >= account.quota_arrivals ? 'full' : account;
}

interface NewArrival {
  readonly items: readonly DeliveredItem[];
  readonly recipient: DeliveredTo;
  readonly taker: Taker;
}

async function addArrival(context: WriteContext, { items, recipient, taker }: NewArrival): Promise<void> {
  const { db, nowMs } = context;
  const { key, part, headers } = recipient;
  const account = taker.id;
  const number = taker.arrivals_ever + 1;
  const hour = hourOf(nowMs);
  const own = items.map(({ blob, sizeBytes }, item) => ({ blob, sizeBytes, header: headers[item] ?? null }));
  const hash = arrivalHash({ number, hour, key, items: own, part }, () => createHash('sha256'));
  await insertArrival(db, { account, number, key, hash, hour, part });
  for (const [item, { blob, sizeBytes, header }] of own.entries()) {
    await insertItem(db, { account, arrival: number, item, blob, size_bytes: sizeBytes, header });
  }
  const eventNumber = taker.events_ever + 1;
  await countArrival(db, {
    id: account,
    events_ever: eventNumber,
    arrivals_ever: number,
    arrivals_here: taker.arrivals_here + 1,
    used_bytes: taker.used_bytes + bytesOf(items),
  });
  await insertEvent(context, account, { number: eventNumber, kind: 'arrival', space: null, value: number });
}

function bytesOf(items: readonly DeliveredItem[]): number {
  return items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

type Row<Table extends keyof Tables, Column extends keyof Tables[Table]> = Pick<Tables[Table], Column>;

const accountOf = frozenQuery((db, { address }: Row<'account', 'address'>) =>
  db
    .selectFrom('account')
    .select(['id', 'state', 'quota_bytes', 'quota_arrivals'])
    .select(['used_bytes', 'arrivals_here', 'arrivals_ever', 'events_ever'])
    .where('address', '=', address),
);

const arrivalOf = frozenQuery((db, { account, key }: Row<'arrival', 'account' | 'key'>) =>
  db.selectFrom('arrival').select('number').where('account', '=', account).where('key', '=', key),
);

const insertArrival = frozenQuery((db, { account, number, key, hash, hour, part }: Tables['arrival']) =>
  db.insertInto('arrival').values({ account, number, key, hash, hour, part }),
);

const insertItem = frozenQuery((db, { account, arrival, item, blob, size_bytes, header }: Tables['arrival_item']) =>
  db.insertInto('arrival_item').values({ account, arrival, item, blob, size_bytes, header }),
);

type Counts = 'events_ever' | 'arrivals_ever' | 'arrivals_here' | 'used_bytes';
const countArrival = frozenQuery(
  (db, { id, events_ever, arrivals_ever, arrivals_here, used_bytes }: Row<'account', 'id' | Counts>) =>
    db.updateTable('account').set({ events_ever, arrivals_ever, arrivals_here, used_bytes }).where('id', '=', id),
);
