import type { Action } from '@latchkey/protocol';
import type { Session } from '../http/call.ts';
import { actingIdentity } from '../login/acting-keys.ts';
import { parseAct, signedByKeysOf } from '../login/identity.ts';
import type { Services } from '../services.ts';
import { Refused } from '../store/refused.ts';
import { hourOf } from '../times.ts';
import type { UsedNonce } from '../writes/accounts.ts';

/**
 * A fresh signature by the keys of the identity in force over the nonce that this session asked for. The write that follows
 * uses the nonce up, in its own transaction.
 *
 * @throws Refused `act_refused`
 */
export async function requireAct(
  services: Services,
  session: Session,
  wanted: { readonly action: Action; readonly note: string },
): Promise<UsedNonce> {
  const { account, tokenHash } = session;
  const row = await services.store.db
    .selectFrom('account')
    .innerJoin('session', 'session.account', 'account.id')
    .select(['account.address', 'session.act_nonce'])
    .where('account.id', '=', account)
    .where('session.token_hash', '=', tokenHash)
    .executeTakeFirst();
  const signer = await actingIdentity(services.store, account);
  const act = parseAct(wanted.note);
  if (
    row?.act_nonce === undefined ||
    row.act_nonce === null ||
    act === null ||
    signer === null ||
    act.statement.action !== wanted.action ||
    act.statement.account !== row.address ||
    act.statement.origin !== services.origin ||
    Buffer.compare(act.statement.nonce, row.act_nonce) !== 0 ||
    Math.abs(hourOf(services.store.clock()) - hourOf(act.statement.hourSeconds * 1_000)) > 1 ||
    !(await signedByKeysOf(signer, act.note))
  ) {
    throw new Refused('act_refused');
  }
  return { account, tokenHash, nonce: act.statement.nonce };
}
