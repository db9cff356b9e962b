import { commit, encodeLeaf } from '@latchkey/key-directory';
import { limits } from '@latchkey/protocol/wire';
import { readChain, takeNext, type IdentityChain, type Taken, type TakingIt } from '../login/identity-chain.ts';
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
  const { address, logIndex, taken } = await judged(services, { account, note });
  accept?.(taken);
  const { version, flag } = taken;
  // A version that a disk has lost has its place in the log: another one there would be wrong for ever.
  if ((await keyLog.signedLeaf(logIndex, version)) !== null) throw new Refused('statement_refused');
  const leaf = keyLog.leafOf({ address, version, note, flag, logIndex });
  await store.write('addStatement', { account, version, note, leaf });
  keyLog.wake();
  return taken;
}

export interface LostStatement {
  readonly account: Uint8Array;
  readonly note: string;
  /** 16 bytes. */
  readonly opening: Uint8Array;
}

/**
 * A statement that a disk has lost, and whose leaf an auditor had, comes back from its owner: docs/spec/17-backup.md. The
 * leaf says what it was, byte for byte; so nobody can put another one there.
 *
 * @throws Refused `statement_refused`, `too_many`, `key_log_closed`
 */
export async function takeBackStatement(services: Services, { account, note, opening }: LostStatement): Promise<Taken> {
  const { store, keyLog } = services;
  // It was taken before, a tombstone of the operator's too.
  const { address, logIndex, taken } = await judged(services, { account, note, mayBeOperators: true });
  const { version, flag } = taken;
  const signed = await keyLog.signedLeaf(logIndex, version);
  const commitment = commit({ opening, label: address, version, note: Buffer.from(note, 'utf8') });
  const leaf = encodeLeaf({ flag, index: logIndex, commitment });
  if (signed === null || Buffer.compare(signed, leaf) !== 0) throw new Refused('statement_refused');
  await store.write('takeBackStatement', { account, version, note, opening });
  return taken;
}

interface Judged {
  readonly address: string;
  readonly logIndex: Uint8Array;
  readonly taken: Taken;
}

async function judged(
  services: Services,
  { account, note, ...taking }: Pick<NextStatement, 'account' | 'note'> & Pick<TakingIt, 'mayBeOperators'>,
): Promise<Judged> {
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
  const taken = chain === null ? null : await takeNext(chain, note, { hour, ...taking });
  if (taken === null || logIndex === null) throw new Refused('statement_refused');
  return { address, logIndex, taken };
}
