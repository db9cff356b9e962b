import { sql } from 'kysely';
import type { Db } from '../store/sqlite.ts';
import { CHANGE_BYTES } from '../writes/append-change.ts';

/** Accounts whose counted use differs from what their rows add up to. */
export async function useProblems(db: Db): Promise<readonly string[]> {
  const { rows } = await sql<{ address: string }>`
    select address from account where used_bytes <>
      coalesce((select sum(size_bytes) from hold x where x.account = account.id), 0) +
      coalesce((select sum(size_bytes) from arrival_item x where x.account = account.id), 0) +
      coalesce((select sum(size_bytes) from upload x where x.account = account.id), 0) +
      coalesce((select sum(length(sealed)) from record x where x.account = account.id), 0) +
      (select count(*) from change x where x.account = account.id) * ${CHANGE_BYTES}
    or arrivals_here <> (select count(*) from arrival x where x.account = account.id and hour is not null)`.execute(db);
  return rows.map(({ address }) => `the counted use of ${address} is not that of its rows`);
}
