import { limits } from '@latchkey/protocol/wire';
import type { WriteContext } from '../store/group-commit.ts';
import { Refused } from '../store/refused.ts';
import { useNonce, type NewLatch, type UsedNonce } from './accounts.ts';

export async function putLatch(
  context: WriteContext,
  input: { readonly act: UsedNonce; readonly latch: NewLatch },
): Promise<void> {
  await useNonce(context, input.act);
  const { db } = context;
  const { account } = input.act;
  const others = await db
    .selectFrom('login')
    .select(['id', 'kind'])
    .where('account', '=', account)
    .where('id', '!=', input.latch.id)
    .execute();
  if (others.length >= limits.MAX_LATCHES) throw new Refused('too_many');
  await db
    .insertInto('login')
    .values({ account, ...input.latch, record: null })
    .onConflict((conflict) => conflict.columns(['account', 'id']).doUpdateSet({ ...input.latch, record: null }))
    .execute();
}

/** The last latch stays: without one nobody could come in again. */
export async function removeLatch(
  context: WriteContext,
  input: { readonly act: UsedNonce; readonly id: Uint8Array },
): Promise<void> {
  await useNonce(context, input.act);
  const { db } = context;
  const { account } = input.act;
  const removed = await db
    .deleteFrom('login')
    .where('account', '=', account)
    .where('id', '=', input.id)
    .executeTakeFirst();
  if (removed.numDeletedRows === 0n) throw new Refused('not_found');
  const left = await db.selectFrom('login').select('id').where('account', '=', account).limit(1).execute();
  if (left.length === 0) throw new Refused('act_refused');
}

/** OPAQUE's record and the latch that its export key opens change together, or the vault would be shut. */
export async function changePassword(
  context: WriteContext,
  input: { readonly act: UsedNonce; readonly record: string; readonly latch: NewLatch },
): Promise<void> {
  await useNonce(context, input.act);
  const { account } = input.act;
  await context.db.deleteFrom('login').where('account', '=', account).where('kind', '=', 'password').execute();
  await context.db
    .insertInto('login')
    .values({ account, ...input.latch, record: input.record })
    .execute();
}
