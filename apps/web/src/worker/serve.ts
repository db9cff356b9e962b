/** The worker's end of the line: one table of handlers, one way for errors. */
import type { Failure, RequestName } from './contract.ts';
import type { CallContext, Desk } from './desk.ts';
import { handlerOf } from './handler-of.ts';
import { failureOf } from './failure-of.ts';
import { noteUse } from './idle-lock.ts';
import type { ToPage, ToWorker } from './line-messages.ts';

/** @returns what takes a message of the page */
export function serve(desk: Desk, post: (message: ToPage) => void): (message: ToWorker) => void {
  const underWay = new Map<number, AbortController>();

  const answer = async (id: number, name: RequestName, ask: unknown): Promise<void> => {
    const stop = new AbortController();
    underWay.set(id, stop);
    const context: CallContext = { signal: stop.signal, onProgress: (progress) => post({ id, progress }) };
    try {
      // The table pairs each name with its own types; here they are only passed on.
      const handler = (await handlerOf(name)) as (desk: Desk, ask: unknown, context: CallContext) => Promise<unknown>;
      post({ id, answer: await handler(desk, ask, context) });
    } catch (error) {
      const failure: Failure = failureOf(error);
      if (failure.wire === 'session_invalid' && desk.isOpen) desk.tell({ news: 'closed', why: 'session_ended' });
      post({ id, failure });
    } finally {
      underWay.delete(id);
    }
  };

  return (message) => {
    if ('used' in message) {
      if (desk.isOpen) noteUse(desk.account.host).catch(() => undefined);
    } else if ('item' in message) {
      const { item, port } = message;
      void import('./serve-item.ts').then(({ serveItem }) => serveItem(desk, item, port));
    } else if ('stop' in message) {
      underWay.get(message.id)?.abort();
    } else {
      void answer(message.id, message.name, message.ask);
    }
  };
}
