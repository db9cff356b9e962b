import { limits } from '@latchkey/protocol/wire';
import type { Handlers } from '../http/call.ts';
import { canonicalOrRefused } from './canonical.ts';
import { takeBackStatement, takeStatement } from './take-statement.ts';

type Names = 'directoryResolve' | 'directoryUpdate' | 'directoryGiveBack';
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
    const { version } = await takeStatement(services, { account: session.account, note: input.statement });
    return { version };
  },

  async directoryGiveBack({ services, input, session }) {
    const { statement: note, opening } = input;
    const { version } = await takeBackStatement(services, { account: session.account, note, opening });
    return { version };
  },
};
