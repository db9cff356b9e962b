/** Whole messages of the open account: read, taken out. */
import { exportEml, read } from '@latchkey/sdk/mail';
import type { RequestName } from './contract.ts';
import type { Handlers } from './desk.ts';
import { memorySink } from './memory-sink.ts';

type Names = Extract<RequestName, 'read' | 'exportEml'>;

export const messageHandlers: Handlers<Names> = {
  read: ({ client }, { id }, context) => read(client, id, context),

  async exportEml({ client }, { id }, { signal }) {
    const sink = memorySink();
    await exportEml(client, id, { sink, signal });
    return sink.bytes();
  },
};
