import { createHash } from 'node:crypto';
import { statementTextHash } from '@latchkey/protocol';
import { parseIdentity, signedByKeysOf } from '../login/identity.ts';
import type { Db } from '../store/sqlite.ts';
import type { ParsedReport } from './parse-report.ts';

/**
 * `proved`: whoever has the keys of that address here signed these very words. `altered`: they signed others.
 * `unsigned`: the signature does not hold. `unknown`: no such keys of the address are known here.
 */
export type ReportVerdict = 'proved' | 'altered' | 'unsigned' | 'unknown';

/** Against the identity statements that this server has published. */
export async function judgeReport(db: Db, { note, statement, mime }: ParsedReport): Promise<ReportVerdict> {
  const { address, version, identity: hash } = statement.from;
  const row = await db
    .selectFrom('statement')
    .innerJoin('account', 'account.id', 'statement.account')
    .select('statement.note')
    .where('account.address', '=', address)
    .where('statement.version', '=', version)
    .executeTakeFirst();
  const identity = row === undefined ? null : parseIdentity(row.note);
  if (identity === null || !Buffer.from(hash).equals(statementTextHash(identity.note.text))) return 'unknown';
  if (!(await signedByKeysOf(identity.statement, note))) return 'unsigned';
  const body = createHash('sha256').update(mime).digest();
  return body.equals(statement.body) ? 'proved' : 'altered';
}
