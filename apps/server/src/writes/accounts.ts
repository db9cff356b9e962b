import type { WriteContext } from '../store/group-commit.ts';
import { Refused } from '../store/refused.ts';
import type { LatchKind } from '../store/schema.ts';
import { dayOf, hourOf } from '../times.ts';
import { addEvent } from './add-event.ts';
import { useInvitation } from './invitations.ts';
import { insertIndex, insertLeaf, type AddressIndex, type NewLeaf } from './key-log.ts';
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
  /** For how many days it is new; 0: never. */
  readonly newDays: number;
  readonly record: string;
  readonly statement: string;
  readonly leaf: NewLeaf;
  readonly index: AddressIndex;
  readonly latches: readonly NewLatch[];
  readonly session: NewSession;
  /** Row of the invitation that is used up with it; null where none is needed. */
  readonly invitation: Uint8Array | null;
}

/** The account of whoever an address was given to: its statements follow those that are there. */
export interface ReissuedAccount extends Omit<NewAccount, 'index'> {
  readonly version: number;
}

/** @throws Refused `address_taken` where it is not gone, or another was faster; `invitation_invalid` likewise */
export async function reissueAccount(context: WriteContext, input: ReissuedAccount): Promise<void> {
  const { account, version, statement: note, leaf, quotaBytes, quotaArrivals } = input;
  await useInvitationOf(context, input);
  const until = newUntil(context, input.newDays);
  const begun = await context.db
    .updateTable('account')
    .set({
      state: 'open',
      removed_on_day: null,
      quota_bytes: quotaBytes,
      quota_arrivals: quotaArrivals,
      new_until_day: until,
    })
    .where('id', '=', account)
    .where('state', '=', 'gone')
    .executeTakeFirst();
  if (begun.numUpdatedRows !== 1n) throw new Refused('address_taken');
  await insertLatches(context, input);
  await addStatement(context, { account, version, note, leaf });
  await insertSession(context, account, input.session);
}

/** @throws Refused `address_taken`, `invitation_invalid`: where another was faster */
export async function createAccount(context: WriteContext, input: NewAccount): Promise<void> {
  const { db } = context;
  const { account } = input;
  await useInvitationOf(context, input);
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
      new_until_day: newUntil(context, input.newDays),
    })
    .onConflict((conflict) => conflict.column('address').doNothing())
    .executeTakeFirst();
  if (created.numInsertedOrUpdatedRows === 0n) throw new Refused('address_taken');
  await insertLatches(context, input);
  const taken = hourOf(context.nowMs);
  await db.insertInto('statement').values({ account, version: 0, note: input.statement, taken_hour: taken }).execute();
  await insertIndex(context, account, input.index);
  await insertLeaf(context, { account, version: 0, ...input.leaf });
  await insertSession(context, account, input.session);
}

/** In the write that makes the account, so that both happen or neither. Nothing joins the two rows. */
async function useInvitationOf(context: WriteContext, { invitation }: Pick<NewAccount, 'invitation'>): Promise<void> {
  if (invitation !== null) await useInvitation(context, { id: invitation });
}

/** The last day. */
function newUntil({ nowMs }: WriteContext, days: number): number | null {
  return days === 0 ? null : dayOf(nowMs) + days;
}

async function insertLatches(
  { db }: WriteContext,
  { account, latches, record }: Pick<NewAccount, 'account' | 'latches' | 'record'>,
): Promise<void> {
  for (const latch of latches) {
    await db
      .insertInto('login')
      .values({ account, ...latch, record: latch.kind === 'password' ? record : null })
      .execute();
  }
}

export interface UsedNonce {
  readonly account: Uint8Array;
  /** Hash of the token of the session that asked for it: nobody else's session can use it, or put another in its place. */
  readonly tokenHash: Uint8Array;
  readonly nonce: Uint8Array;
}

/** One pending nonce for each session: an act uses it up. */
export async function setActNonce({ db }: WriteContext, { account, tokenHash, nonce }: UsedNonce): Promise<void> {
  await db
    .updateTable('session')
    .set({ act_nonce: nonce })
    .where('account', '=', account)
    .where('token_hash', '=', tokenHash)
    .execute();
}

/** Inside the write that the act allows, so that both happen or neither. @throws Refused `act_refused` */
export async function useNonce({ db }: WriteContext, { account, tokenHash, nonce }: UsedNonce): Promise<void> {
  const used = await db
    .updateTable('session')
    .set({ act_nonce: null })
    .where('account', '=', account)
    .where('token_hash', '=', tokenHash)
    .where('act_nonce', '=', nonce)
    .executeTakeFirst();
  if (used.numUpdatedRows !== 1n) throw new Refused('act_refused');
}

export async function closeAccount(
  context: WriteContext,
  input: { readonly act: UsedNonce; readonly graceDays: number },
): Promise<{ removedOnDay: number }> {
  await useNonce(context, input.act);
  const { account } = input.act;
  await context.db
    .updateTable('account')
    .set({ state: 'closing', removed_on_day: dayOf(context.nowMs) + input.graceDays })
    .where('id', '=', account)
    .where('state', '=', 'open')
    .execute();
  // Closed before, or by the operator: the day stays.
  const { removed_on_day: removedOnDay } = await context.db
    .selectFrom('account')
    .select('removed_on_day')
    .where('id', '=', account)
    .executeTakeFirstOrThrow();
  if (removedOnDay === null) throw new Refused('act_refused');
  await addEvent(context, account, { kind: 'account', space: null, value: 0 });
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
  readonly leaf: NewLeaf;
}

export async function addStatement(context: WriteContext, { leaf, ...said }: NewStatement): Promise<void> {
  await insertStatement(context, said);
  await insertLeaf(context, { ...said, ...leaf });
}

/** Its leaf lies in the log already. */
export async function takeBackStatement(
  context: WriteContext,
  { opening, ...said }: Omit<NewStatement, 'leaf'> & { readonly opening: Uint8Array },
): Promise<void> {
  await insertStatement(context, said);
  const { account, version } = said;
  await context.db.insertInto('opening').values({ account, version, opening }).execute();
}

/** @throws Refused `statement_refused` where it is not the next one */
async function insertStatement(
  context: WriteContext,
  { account, version, note }: Omit<NewStatement, 'leaf'>,
): Promise<void> {
  const newest = await context.db
    .selectFrom('statement')
    .select('version')
    .where('account', '=', account)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined || newest.version !== version - 1) throw new Refused('statement_refused');
  await context.db
    .insertInto('statement')
    .values({ account, version, note, taken_hour: hourOf(context.nowMs) })
    .execute();
  await addEvent(context, account, { kind: 'account', space: null, value: version });
}
