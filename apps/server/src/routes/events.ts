import type { Handlers } from '../http/call.ts';
import { RawAnswer } from '../http/call.ts';
import { listEvents, newestEvent } from './list-events.ts';
import { streamEvents } from './stream-events.ts';

type Names = 'eventsList' | 'eventsStream';

export const eventHandlers: Pick<Handlers, Names> = {
  async eventsList({ services: { store }, input: { after, limit }, session: { account } }) {
    // Whoever lost its place, or never had one, asks for it without naming any.
    if (after === null) return { newest: await newestEvent(store, account), events: [], more: false };
    return listEvents(store, { account, after, limit });
  },

  async eventsStream({ services, input, session }) {
    // The first look decides whether the cursor is too old, while a refusal can still be sent.
    await listEvents(services.store, { account: session.account, after: input.after, limit: 1 });
    const { store } = services;
    const { after } = input;
    return new RawAnswer((outgoing) => streamEvents(store, session, { outgoing, after }), { isLasting: true });
  },
};
