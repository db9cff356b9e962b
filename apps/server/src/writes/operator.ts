/** What the operator's commands write. */
import { limits } from '@latchkey/protocol/wire';
import type { WriteContext } from '../store/group-commit.ts';
import type { AccountState } from '../store/schema.ts';
import { dayOf } from '../times.ts';
import { addStatement, type NewStatement } from './accounts.ts';

export interface Quota {
  readonly address: string;
  readonly quotaBytes: number | null;
  readonly quotaArrivals: number | null;
}

/** @returns false where there is no such account */
export async function setQuota({ db }: WriteContext, input: Quota): Promise<boolean> {
  const changed = await db
    .updateTable('account')
    .set({
      ...(input.quotaBytes === null ? {} : { quota_bytes: input.quotaBytes }),
      ...(input.quotaArrivals === null ? {} : { quota_arrivals: input.quotaArrivals }),
    })
    .where('address', '=', input.address)
    .where('state', '!=', 'gone')
    .executeTakeFirst();
  return changed.numUpdatedRows === 1n;
}

/** @returns false where there is no account of that state to change */
export async function setState(
  { db, nowMs }: WriteContext,
  input: { readonly address: string; readonly from: readonly AccountState[]; readonly to: AccountState },
): Promise<boolean> {
  const changed = await db
    .updateTable('account')
    .set({ state: input.to, removed_on_day: input.to === 'closing' ? dayOf(nowMs) + limits.GRACE_DAYS : null })
    .where('address', '=', input.address)
    .where('state', 'in', input.from)
    .executeTakeFirst();
  return changed.numUpdatedRows === 1n;
}

/** A tombstone, and the account goes as by `close`. @throws Refused `statement_refused` where another statement was faster */
export async function buryAddress(
  context: WriteContext,
  input: NewStatement & { readonly address: string },
): Promise<void> {
  const { address, ...statement } = input;
  await addStatement(context, statement);
  await setState(context, { address, from: ['open', 'suspended'], to: 'closing' });
}

export async function setSetting(
  { db }: WriteContext,
  input: { readonly name: string; readonly value: string },
): Promise<void> {
  await db
    .insertInto('setting')
    .values(input)
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: input.value }))
    .execute();
}
