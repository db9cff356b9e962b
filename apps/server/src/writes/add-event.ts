import { frozenQuery } from '../store/frozen-query.ts';
import type { WriteContext } from '../store/group-commit.ts';
import type { Tables } from '../store/schema.ts';
import { dayOf } from '../times.ts';

export type NewEvent = Pick<Tables['event'], 'kind' | 'space' | 'value'>;

/** The next event of an account; its streams are told after the commit. */
export async function addEvent(context: WriteContext, account: Uint8Array, event: NewEvent): Promise<void> {
  const { events_ever: number } = await context.db
    .updateTable('account')
    .set((set) => ({ events_ever: set('events_ever', '+', 1) }))
    .where('id', '=', account)
    .returning('events_ever')
    .executeTakeFirstOrThrow();
  await insertEvent(context, account, { number, ...event });
}

/** The same where the account's row has counted it already. */
export async function insertEvent(
  { db, nowMs, woken }: WriteContext,
  account: Uint8Array,
  event: NewEvent & { readonly number: number },
): Promise<void> {
  await insert(db, { account, day: dayOf(nowMs), ...event });
  woken.add(Buffer.from(account).toString('hex'));
}

const insert = frozenQuery((db, { account, number, day, kind, space, value }: Tables['event']) =>
  db.insertInto('event').values({ account, number, day, kind, space, value }),
);
