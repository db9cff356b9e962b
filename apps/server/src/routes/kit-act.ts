import type { Action } from '@latchkey/protocol';
import * as v from 'valibot';
import { parseAct, recoveryKeyName, recoveryKeysHash, signedBy, type HybridKeys } from '../login/identity.ts';
import type { Services } from '../services.ts';
import { Refused } from '../store/refused.ts';
import { hourOf } from '../times.ts';

const kitState = v.strictObject({ address: v.string(), nonce: v.string(), untilMs: v.number() });

export interface KitProof {
  readonly state: string;
  readonly act: string;
  readonly recovery: HybridKeys;
}

export interface ProvenKit {
  readonly address: string;
  readonly account: Uint8Array;
  readonly isSuspended: boolean;
  /** What an identity statement has to commit to. Whether one does is for the caller to see. */
  readonly keysHash: Uint8Array;
}

/** An act by these recovery keys over the nonce of `kitStart`, about an account that is here. @throws Refused `login_refused` */
export async function requireKitAct(
  { seal, store, origin }: Services,
  action: Action,
  { state, act: note, recovery }: KitProof,
): Promise<ProvenKit> {
  const opened = v.safeParse(kitState, seal.open('kit', state));
  if (!opened.success || opened.output.untilMs < store.clock()) throw new Refused('login_refused');
  const { address, nonce } = opened.output;
  const act = parseAct(note);
  const account = await store.db
    .selectFrom('account')
    .select(['id', 'state'])
    .where('address', '=', address)
    .where('state', '!=', 'gone')
    .executeTakeFirst();
  if (
    account === undefined ||
    act === null ||
    act.statement.action !== action ||
    act.statement.account !== address ||
    act.statement.origin !== origin ||
    Buffer.from(act.statement.nonce).toString('base64url') !== nonce ||
    Math.abs(hourOf(store.clock()) - hourOf(act.statement.hourSeconds * 1_000)) > 1 ||
    !(await signedBy(recoveryKeyName(recovery), recovery, act.note))
  ) {
    throw new Refused('login_refused');
  }
  const keysHash = recoveryKeysHash(recovery);
  return { address, account: account.id, isSuspended: account.state === 'suspended', keysHash };
}
