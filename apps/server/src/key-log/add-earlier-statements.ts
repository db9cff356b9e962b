import type { Store } from '../store/store.ts';
import type { AddressIndex, EarlierStatement } from '../writes/key-log.ts';
import type { KeyLog } from './key-log.ts';

const atOnce = 100;

/** Statements from before the log become its first entries, in the order of account ids, which are random. */
export async function addEarlierStatements({
  store,
  indexOf,
  leafOf,
}: Pick<KeyLog, 'indexOf' | 'leafOf'> & { readonly store: Store }): Promise<void> {
  for (;;) {
    const rows = await store.db
      .selectFrom('statement')
      .innerJoin('account', 'account.id', 'statement.account')
      .leftJoin('opening', (join) =>
        join.onRef('opening.account', '=', 'statement.account').onRef('opening.version', '=', 'statement.version'),
      )
      .leftJoin('address_index', 'address_index.account', 'statement.account')
      .select(['statement.account', 'statement.version', 'statement.note', 'account.address'])
      .select(['address_index.log_index', 'address_index.proof'])
      .where('opening.opening', 'is', null)
      .orderBy('statement.account')
      .orderBy('statement.version')
      .limit(atOnce)
      .execute();
    if (rows.length === 0) return;
    const statements: EarlierStatement[] = [];
    let last: { account: Uint8Array; index: AddressIndex } | null = null;
    for (const { account, version, note, address, log_index: logIndex, proof } of rows) {
      const isSame = last !== null && Buffer.compare(last.account, account) === 0;
      const known = logIndex !== null && proof !== null ? { logIndex, proof } : null;
      const index: AddressIndex = (isSame ? last?.index : known) ?? (await indexOf(address));
      last = { account, index };
      const flag = version === 0 ? 'genesis' : 'signed';
      const leaf = leafOf({ address, version, note, flag, logIndex: index.logIndex });
      statements.push({ account, version, index: isSame || known !== null ? null : index, ...leaf });
    }
    await store.write('addEarlierStatements', { statements });
  }
}
