import { sql } from 'kysely';
import type { Db } from '../store/sqlite.ts';

export interface SharedBlob {
  /** Lower-case hexadecimal. */
  readonly blob: string;
  /** Another account that has a hold or an arrival on it. */
  readonly address: string;
}

/** The join `shared-blob` of the inventory, seen from one account. */
export async function sharedBlobs(db: Db, account: Uint8Array): Promise<readonly SharedBlob[]> {
  const { rows } = await sql<SharedBlob>`
    with own as (
      select blob from hold where account = ${account} union select blob from arrival_item where account = ${account}
    ), other as (
      select account, blob from hold where blob in (select blob from own) and account <> ${account}
      union
      select account, blob from arrival_item where blob in (select blob from own) and account <> ${account}
    )
    select lower(hex(other.blob)) as blob, account.address as address
    from other join account on account.id = other.account order by 1, 2`.execute(db);
  return rows;
}
