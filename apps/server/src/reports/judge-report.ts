import { createHash } from 'node:crypto';
import { statementHash } from '@latchkey/protocol';
import { signedByKeysOf } from '../login/identity.ts';
import { inForce, readChain } from '../login/identity-chain.ts';
import type { Db } from '../store/sqlite.ts';
import type { ParsedReport } from './parse-report.ts';

/**
 * `proved`: whoever has the keys of that address here signed these very words. `altered`: they signed others.
 * `unsigned`: the signature does not hold. `unknown`: no such keys of the address were ever in force for who has it now.
 */
export type ReportVerdict = 'proved' | 'altered' | 'unsigned' | 'unknown';

export interface JudgedReport {
  readonly verdict: ReportVerdict;
  /** The address has other keys by now: a thief of the old ones can sign with them for ever. */
  readonly replaced: boolean;
}

/**
 * Against the identity statements that this server has published, as they count at an hour since 1970-01-01T00Z. A reset that
 * waits or was vetoed, and keys of who had the address before, accuse nobody.
 */
export async function judgeReport(
  db: Db,
  { note, statement, mime }: ParsedReport,
  hour: number,
): Promise<JudgedReport> {
  const { address, version, identity: hash } = statement.from;
  const rows = await db
    .selectFrom('statement')
    .innerJoin('account', 'account.id', 'statement.account')
    .select(['statement.note', 'statement.taken_hour'])
    .where('account.address', '=', address)
    .orderBy('statement.version')
    .execute();
  const chain = await readChain(rows, hour);
  const from = chain?.versions.find(({ identity }) => identity.statement.version === version)?.identity.statement;
  if (chain === null || from === undefined || !Buffer.from(hash).equals(statementHash(from))) {
    return { verdict: 'unknown', replaced: false };
  }
  const replaced = inForce(chain).statement.version !== version;
  if (!(await signedByKeysOf(from, note))) return { verdict: 'unsigned', replaced };
  const body = createHash('sha256').update(mime).digest();
  return { verdict: body.equals(statement.body) ? 'proved' : 'altered', replaced };
}
