import { limits } from '@latchkey/protocol/wire';
import { readChain, takeNext, type IdentityChain, type Taken } from '../login/identity-chain.ts';
import type { Services } from '../services.ts';
import { Refused } from '../store/refused.ts';
import { hourOf } from '../times.ts';

export interface NextStatement {
  readonly account: Uint8Array;
  readonly note: string;
  /** Throws where the statement is not one that whoever calls may make. */
  readonly accept?: (taken: Taken) => void;
}

/**
 * The next statement of an account goes into the key log.
 *
 * @throws Refused `statement_refused`, `too_many`, `key_log_closed`
 */
export async function takeStatement(services: Services, { account, note, accept }: NextStatement): Promise<Taken> {
  const { store, keyLog } = services;
  if (!keyLog.isOpen) throw new Refused('key_log_closed');
  services.limits.take('statement', Buffer.from(account).toString('hex'));
  const rows = await store.db
    .selectFrom('statement')
    .innerJoin('address_index', 'address_index.account', 'statement.account')
    .innerJoin('account', 'account.id', 'statement.account')
    .select(['statement.note', 'statement.taken_hour', 'address_index.log_index', 'account.address'])
    .where('statement.account', '=', account)
    .orderBy('statement.version')
    .execute();
  if (rows.length >= limits.MAX_VERSIONS) throw new Refused('too_many');
  const [{ address, log_index: logIndex } = { address: '', log_index: null }] = rows;
  const hour = hourOf(store.clock());
  const chain: IdentityChain | null = await readChain(rows, hour);
  const taken = chain === null ? null : await takeNext(chain, note, { hour });
  if (taken === null || logIndex === null) throw new Refused('statement_refused');
  accept?.(taken);
  const { version, flag } = taken;
  const leaf = keyLog.leafOf({ address, version, note, flag, logIndex });
  await store.write('addStatement', { account, version, note, leaf });
  keyLog.wake();
  return taken;
}
