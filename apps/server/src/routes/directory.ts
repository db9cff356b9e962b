import { limits } from '@latchkey/protocol/wire';
import type { Handlers } from '../http/call.ts';
import { readChain, takeNext } from '../login/identity-chain.ts';
import { Refused } from '../store/refused.ts';
import { hourOf } from '../times.ts';
import { canonicalOrRefused } from './canonical.ts';

type Names = 'directoryResolve' | 'directoryUpdate';
type Answer =
  Awaited<ReturnType<Handlers['directoryResolve']>> extends infer R
    ? R extends { answers: readonly (infer A)[] }
      ? A
      : never
    : never;

export const directoryHandlers: Pick<Handlers, Names> = {
  async directoryResolve({ services, input, session }) {
    services.limits.take('resolve', Buffer.from(session.account).toString('hex'), input.wanted.length);
    const { db } = services.store;
    const answers: Answer[] = [];
    let sizeChars = 0;
    for (const wanted of input.wanted) {
      const address = canonicalOrRefused(wanted.address);
      const account = await db
        .selectFrom('account')
        .select(['id', 'state', 'used_bytes', 'quota_bytes', 'arrivals_here', 'quota_arrivals'])
        .where('address', '=', address)
        .executeTakeFirst();
      if (account === undefined) {
        answers.push({ answer: 'unknown' });
        continue;
      }
      const rows = await db
        .selectFrom('statement')
        .select('note')
        .where('account', '=', account.id)
        .where('version', '>=', wanted.fromVersion)
        .orderBy('version')
        .limit(limits.MAX_NOTES_PER_ANSWER + 1)
        .execute();
      const notes: string[] = [];
      for (const { note } of rows.slice(0, limits.MAX_NOTES_PER_ANSWER)) {
        if (sizeChars > limits.MAX_ANSWER_BYTES) break;
        notes.push(note);
        sizeChars += note.length;
      }
      const isFull = account.used_bytes >= account.quota_bytes || account.arrivals_here >= account.quota_arrivals;
      const takes = account.state !== 'open' ? 'nothing' : isFull ? 'full' : 'mail';
      answers.push({ answer: 'known', takes, notes, more: notes.length < rows.length });
    }
    return { answers };
  },

  async directoryUpdate({ services, input, session }) {
    if (!services.keyLog.isOpen) throw new Refused('key_log_closed');
    services.limits.take('statement', Buffer.from(session.account).toString('hex'));
    const rows = await services.store.db
      .selectFrom('statement')
      .innerJoin('address_index', 'address_index.account', 'statement.account')
      .innerJoin('account', 'account.id', 'statement.account')
      .select(['statement.note', 'statement.taken_hour', 'address_index.log_index', 'account.address'])
      .where('statement.account', '=', session.account)
      .orderBy('statement.version')
      .execute();
    if (rows.length >= limits.MAX_VERSIONS) throw new Refused('too_many');
    const [{ address, log_index: logIndex } = { address: '', log_index: null }] = rows;
    const hour = hourOf(services.store.clock());
    const chain = await readChain(rows, hour);
    const taken = chain === null ? null : await takeNext(chain, input.statement, hour);
    if (taken === null || logIndex === null) throw new Refused('statement_refused');
    const { version, flag } = taken;
    const accepted = { address, version, note: input.statement, flag, logIndex };
    const leaf = services.keyLog.leafOf(accepted);
    await services.store.write('addStatement', { account: session.account, version, note: input.statement, leaf });
    services.keyLog.wake();
    return { version };
  },
};
