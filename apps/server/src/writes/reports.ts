import { limits } from '@latchkey/protocol/wire';
import type { WriteContext } from '../store/group-commit.ts';
import { Refused } from '../store/refused.ts';
import { dayOf } from '../times.ts';

export interface NewReport {
  readonly id: Uint8Array;
  readonly sealed: Uint8Array;
}

/** Nothing says who left it. @throws Refused `too_many` where the operator has not looked for long */
export async function addReport({ db, nowMs }: WriteContext, { id, sealed }: NewReport): Promise<void> {
  const { waiting } = await db
    .selectFrom('report')
    .select((select) => select.fn.countAll<number>().as('waiting'))
    .executeTakeFirstOrThrow();
  if (waiting >= limits.MAX_REPORTS) throw new Refused('too_many');
  await db
    .insertInto('report')
    .values({ id, day: dayOf(nowMs), sealed })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** @returns false where there is no such report */
export async function removeReport({ db }: WriteContext, { id }: { readonly id: Uint8Array }): Promise<boolean> {
  const removed = await db.deleteFrom('report').where('id', '=', id).executeTakeFirst();
  return removed.numDeletedRows === 1n;
}
