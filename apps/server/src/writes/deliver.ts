import { createHash } from 'node:crypto';
import { arrivalHash } from '@latchkey/protocol/wire';
import type { WriteContext } from '../store/group-commit.ts';
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
  const account = await db
    .selectFrom('account')
    .select(['id', 'state', 'quota_bytes', 'quota_arrivals'])
    .select(['used_bytes', 'arrivals_here', 'arrivals_ever', 'events_ever'])
    .where('address', '=', input.address)
    .executeTakeFirst();
  if (account === undefined) return 'unknown';
  if (account.state !== 'open') return 'gone';
  const known = await db
    .selectFrom('arrival')
    .select('number')
    .where('account', '=', account.id)
    .where('key', '=', input.key)
    .executeTakeFirst();
  if (known !== undefined) return 'ok';

  const sizeBytes = input.items.reduce((sum, item) => sum + item.sizeBytes, 0);
  if (account.used_bytes + sizeBytes > account.quota_bytes) return 'full';
  if (account.arrivals_here >= account.quota_arrivals) return 'full';

  const number = account.arrivals_ever + 1;
  const hour = hourOf(context.nowMs);
  const { key, part, items } = input;
  const hash = arrivalHash({ number, hour, key, items, part }, () => createHash('sha256'));
  await db.insertInto('arrival').values({ account: account.id, number, key, hash, hour, part }).execute();
  await db
    .insertInto('arrival_item')
    .values(
      items.map((each, item) => ({
        account: account.id,
        arrival: number,
        item,
        blob: each.blob,
        size_bytes: each.sizeBytes,
        header: each.header,
      })),
    )
    .execute();
  const eventNumber = account.events_ever + 1;
  await db
    .updateTable('account')
    .set({
      events_ever: eventNumber,
      arrivals_ever: number,
      arrivals_here: account.arrivals_here + 1,
      used_bytes: account.used_bytes + sizeBytes,
    })
    .where('id', '=', account.id)
    .execute();
  await insertEvent(context, account.id, { number: eventNumber, kind: 'arrival', space: null, value: number });
  return 'ok';
}
