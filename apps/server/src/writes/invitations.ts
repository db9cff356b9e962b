import type { WriteContext } from '../store/group-commit.ts';
import { Refused } from '../store/refused.ts';
import { dayOf } from '../times.ts';

/** Named by the first half of the hash of its token; never stored beside an account. */
export async function addInvitation(
  { db, nowMs }: WriteContext,
  input: { readonly id: Uint8Array; readonly days: number },
): Promise<void> {
  await db
    .insertInto('invitation')
    .values({ id: input.id, expires_day: dayOf(nowMs) + input.days, state: 'open' })
    .execute();
}

/** @throws Refused `invitation_invalid` where it is unknown, used or out of date */
export async function useInvitation({ db, nowMs }: WriteContext, input: { readonly id: Uint8Array }): Promise<void> {
  const used = await db
    .updateTable('invitation')
    .set({ state: 'used' })
    .where('id', '=', input.id)
    .where('state', '=', 'open')
    .where('expires_day', '>=', dayOf(nowMs))
    .executeTakeFirst();
  if (used.numUpdatedRows !== 1n) throw new Refused('invitation_invalid');
}
