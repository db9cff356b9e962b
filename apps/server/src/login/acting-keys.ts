import type { IdentityStatement } from '@latchkey/protocol';
import type { Store } from '../store/store.ts';
import { hourOf } from '../times.ts';
import { inForce, readChain, type IdentityChain } from './identity-chain.ts';

/** Null where there is no such account, or no statement of it. */
export async function accountChain({ db, clock }: Store, account: Uint8Array): Promise<IdentityChain | null> {
  const rows = await db
    .selectFrom('statement')
    .select(['note', 'taken_hour'])
    .where('account', '=', account)
    .orderBy('version')
    .execute();
  return readChain(rows, hourOf(clock()));
}

/**
 * The identity whose keys, or whose kit, may act for an account: the one in force. A reset has no power here before its hold
 * is over, so that whoever it is made against can still sign in and veto it.
 */
export async function actingIdentity(store: Store, account: Uint8Array): Promise<IdentityStatement | null> {
  const chain = await accountChain(store, account);
  return chain === null ? null : inForce(chain).statement;
}
