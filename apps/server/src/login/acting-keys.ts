import type { IdentityStatement } from '@latchkey/protocol';
import type { Note } from '@latchkey/tlog';
import type { Db } from '../store/sqlite.ts';
import { actingIdentities, readChain } from './identity-chain.ts';
import { signedByKeysOf } from './identity.ts';

/** The identities whose keys, or whose kit, may act for an account; none where there is no such account. */
export async function actingKeys(db: Db, account: Uint8Array): Promise<readonly IdentityStatement[]> {
  const rows = await db
    .selectFrom('statement')
    .select('note')
    .where('account', '=', account)
    .orderBy('version')
    .execute();
  const chain = await readChain(rows.map(({ note }) => note));
  return chain === null ? [] : actingIdentities(chain);
}

export async function signedByOne(identities: readonly IdentityStatement[], note: Note): Promise<boolean> {
  for (const identity of identities) if (await signedByKeysOf(identity, note)) return true;
  return false;
}
