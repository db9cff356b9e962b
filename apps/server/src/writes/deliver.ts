import { createHash } from 'node:crypto';
import { arrivalHash } from '@latchkey/protocol/wire';
import { frozenQuery } from '../store/frozen-query.ts';
import type { WriteContext } from '../store/group-commit.ts';
import type { Tables } from '../store/schema.ts';
import { hourOf } from '../times.ts';
import { insertEvent } from './add-event.ts';

export interface Delivery {
  readonly address: string;
  readonly key: Uint8Array;
  readonly part: Uint8Array;
  readonly items: readonly DeliveredItem[];
}

export interface DeliveredItem {
  readonly blob: Uint8Array;
  readonly sizeBytes: number;
  readonly header: Uint8Array | null;
}

/** One recipient: who has the same key already has the arrival, filed or not. */
export async function deliver(context: WriteContext, input: Delivery): Promise<'ok' | 'unknown' | 'full' | 'gone'> {
  const { db } = context;
  const [account] = await accountOf(db, { address: input.address });
  if (account === undefined) return 'unknown';
  if (account.state !== 'open') return 'gone';
  const [known] = await arrivalOf(db, { account: account.id, key: input.key });
  if (known !== undefined) return 'ok';

  const sizeBytes = input.items.reduce((sum, item) => sum + item.sizeBytes, 0);
  if (account.used_bytes + sizeBytes > account.quota_bytes) return 'full';
  if (account.arrivals_here >= account.quota_arrivals) return 'full';

  const number = account.arrivals_ever + 1;
  const hour = hourOf(context.nowMs);
  const { key, part, items } = input;
  const hash = arrivalHash({ number, hour, key, items, part }, () => createHash('sha256'));
  await insertArrival(db, { account: account.id, number, key, hash, hour, part });
  for (const [item, { blob, sizeBytes: size, header }] of items.entries()) {
    await insertItem(db, { account: account.id, arrival: number, item, blob, size_bytes: size, header });
  }
  const eventNumber = account.events_ever + 1;
  await countArrival(db, {
    id: account.id,
    events_ever: eventNumber,
    arrivals_ever: number,
    arrivals_here: account.arrivals_here + 1,
    used_bytes: account.used_bytes + sizeBytes,
  });
  await insertEvent(context, account.id, { number: eventNumber, kind: 'arrival', space: null, value: number });
  return 'ok';
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
