/** One message shown to the operator, when its reader asks for it: docs/spec/20-reports.md. */
import { planReport, type PlannedReport } from '@latchkey/sdk/mail';
import type { RequestName } from './contract.ts';
import type { Desk, Handlers } from './desk.ts';

type Names = Extract<RequestName, 'planReport' | 'sendReport'>;

/** The last one that was planned for whoever is there: it is the same report when it is sent again. */
const planned = new WeakMap<Desk['client'], { readonly id: string; readonly plan: PlannedReport }>();

export const reportHandlers: Handlers<Names> = {
  async planReport({ client }, { id }, { signal }) {
    const plan = await planReport(client, id, { signal });
    planned.set(client, { id, plan });
    const { send: _, ...shown } = plan;
    return shown;
  },

  async sendReport({ client }, { id, reason, words }, { signal }) {
    const last = planned.get(client);
    // A report of what nobody has been shown is never sent.
    if (last?.id !== id) throw new Error('this report was not planned');
    await last.plan.send({ reason, words: words === '' ? null : words, signal });
    planned.delete(client);
    return null;
  },
};
