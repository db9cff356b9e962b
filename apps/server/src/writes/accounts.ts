import type { WriteContext } from '../store/group-commit.ts';
import { Refused } from '../store/refused.ts';
import type { LatchKind } from '../store/schema.ts';
import { dayOf } from '../times.ts';
import { addEvent } from './add-event.ts';
import { insertSession, type NewSession } from './sessions.ts';

export interface NewLatch {
  readonly id: Uint8Array;
  readonly kind: LatchKind;
  readonly generation: number;
  readonly wrapped: Uint8Array;
  readonly rescue: Uint8Array | null;
}

export interface NewAccount {
  readonly account: Uint8Array;
  readonly address: string;
  readonly quotaBytes: number;
  readonly quotaArrivals: number;
  readonly record: string;
  readonly statement: string;
  readonly latches: readonly NewLatch[];
  readonly session: NewSession;
}

export async function createAccount(context: WriteContext, input: NewAccount): Promise<void> {
  const { db } = context;
  const { account } = input;
  const created = await db
    .insertInto('account')
    .values({
      id: account,
      address: input.address,
      state: 'open',
      removed_on_day: null,
      quota_bytes: input.quotaBytes,
      quota_arrivals: input.quotaArrivals,
      used_bytes: 0,
      arrivals_here: 0,
      arrivals_ever: 0,
      events_ever: 0,
      act_nonce: null,
    })
    .onConflict((conflict) => conflict.column('address').doNothing())
    .executeTakeFirst();
  if (created.numInsertedOrUpdatedRows === 0n) throw new Refused('address_taken');
  for (const latch of input.latches) {
    await db
      .insertInto('login')
      .values({ account, ...latch, record: latch.kind === 'password' ? input.record : null })
      .execute();
  }
  await db.insertInto('statement').values({ account, version: 0, note: input.statement }).execute();
  await insertSession(context, account, input.session);
}

/** One pending nonce for each account: an act uses it up. */
export async function setActNonce(
  { db }: WriteContext,
  input: { readonly account: Uint8Array; readonly nonce: Uint8Array },
): Promise<void> {
  await db.updateTable('account').set({ act_nonce: input.nonce }).where('id', '=', input.account).execute();
}

export interface UsedNonce {
  readonly account: Uint8Array;
  readonly nonce: Uint8Array;
}

/** Inside the write that the act allows, so that both happen or neither. @throws Refused `act_refused` */
export async function useNonce({ db }: WriteContext, { account, nonce }: UsedNonce): Promise<void> {
  const used = await db
    .updateTable('account')
    .set({ act_nonce: null })
    .where('id', '=', account)
    .where('act_nonce', '=', nonce)
    .executeTakeFirst();
  if (used.numUpdatedRows !== 1n) throw new Refused('act_refused');
}

export async function closeAccount(
  context: WriteContext,
  input: { readonly act: UsedNonce; readonly graceDays: number },
): Promise<{ removedOnDay: number }> {
  await useNonce(context, input.act);
  const removedOnDay = dayOf(context.nowMs) + input.graceDays;
  await context.db
    .updateTable('account')
    .set({ state: 'closing', removed_on_day: removedOnDay })
    .where('id', '=', input.act.account)
    .where('state', '=', 'open')
    .execute();
  await addEvent(context, input.act.account, { kind: 'account', space: null, value: 0 });
  return { removedOnDay };
}

export async function keepAccount(context: WriteContext, input: { readonly account: Uint8Array }): Promise<void> {
  await context.db
    .updateTable('account')
    .set({ state: 'open', removed_on_day: null })
    .where('id', '=', input.account)
    .where('state', '=', 'closing')
    .execute();
  await addEvent(context, input.account, { kind: 'account', space: null, value: 0 });
}

export interface NewStatement {
  readonly account: Uint8Array;
  readonly version: number;
  readonly note: string;
}

export async function addStatement(context: WriteContext, { account, version, note }: NewStatement): Promise<void> {
  const newest = await context.db
    .selectFrom('statement')
    .select('version')
    .where('account', '=', account)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined || newest.version !== version - 1) throw new Refused('statement_refused');
  await context.db.insertInto('statement').values({ account, version, note }).execute();
  await addEvent(context, account, { kind: 'account', space: null, value: version });
}
