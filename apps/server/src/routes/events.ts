import type { Handlers } from '../http/call.ts';
import { RawAnswer } from '../http/call.ts';
import { listEvents } from './list-events.ts';
import { streamEvents } from './stream-events.ts';

type Names = 'eventsList' | 'eventsStream';

export const eventHandlers: Pick<Handlers, Names> = {
  eventsList: ({ services, input, session }) => listEvents(services.store, { account: session.account, ...input }),

  async eventsStream({ services, input, session }) {
    // The first look decides whether the cursor is too old, while a refusal can still be sent.
    await listEvents(services.store, { account: session.account, after: input.after, limit: 1 });
    return new RawAnswer((outgoing) => streamEvents(services.store, session, { outgoing, after: input.after }));
  },
};
