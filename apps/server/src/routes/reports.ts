import type { Handlers } from '../http/call.ts';
import { Refused } from '../store/refused.ts';

/** docs/spec/20-reports.md */
export const reportHandlers: Pick<Handlers, 'reportsAdd'> = {
  async reportsAdd({ services, input, session }) {
    if (services.config.abuseRecipient === null) throw new Refused('reports_closed');
    services.limits.take('report', Buffer.from(session.account).toString('hex'));
    await services.store.write('addReport', { id: input.report, sealed: input.sealed });
    return {};
  },
};
