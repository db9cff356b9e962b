import type { WriteContext } from '../store/group-commit.ts';
import { Refused } from '../store/refused.ts';
import { dayOf } from '../times.ts';

export interface NewSession {
  readonly tokenHash: Uint8Array;
  readonly id: Uint8Array;
  /** Sealed by the client. */
  readonly name: Uint8Array;
  readonly device: Uint8Array;
  readonly days: number;
}

const maxSessions = 100;

export async function insertSession(context: WriteContext, account: Uint8Array, session: NewSession): Promise<void> {
  const { db, nowMs } = context;
  const today = dayOf(nowMs);
  await db.deleteFrom('session').where('account', '=', account).where('expires_day', '<', today).execute();
  const { open } = await db
    .selectFrom('session')
    .select((select) => select.fn.countAll<number>().as('open'))
    .where('account', '=', account)
    .executeTakeFirstOrThrow();
  if (open >= maxSessions) throw new Refused('too_many');
  await db
    .insertInto('session')
    .values({
      account,
      token_hash: session.tokenHash,
      id: session.id,
      name: session.name,
      device: session.device,
      expires_day: today + session.days,
      act_nonce: null,
    })
    .execute();
}

export async function openSession(
  context: WriteContext,
  input: { readonly account: Uint8Array; readonly session: NewSession },
): Promise<void> {
  await insertSession(context, input.account, input.session);
}

export async function removeSession(
  { db }: WriteContext,
  input: { readonly account: Uint8Array; readonly id: Uint8Array },
): Promise<void> {
  const removed = await db
    .deleteFrom('session')
    .where('account', '=', input.account)
    .where('id', '=', input.id)
    .executeTakeFirst();
  if (removed.numDeletedRows === 0n) throw new Refused('not_found');
}
