/** Messages on their way out. */
import type { RequestName } from './contract.ts';
import type { Handlers } from './desk.ts';

type Names = Extract<RequestName, 'send' | 'outgoing' | 'goOnSending' | 'pauseSending' | 'sendNow' | 'takeBack'>;

export const outgoingHandlers: Handlers<Names> = {
  async send({ account }, { composed, ...wishes }, context) {
    const outgoing = await account.outgoing();
    return outgoing.send(composed, { ...wishes, ...context });
  },

  async outgoing({ account }) {
    const outgoing = await account.outgoing();
    return outgoing.list();
  },

  async goOnSending({ account }, { id, files }) {
    const outgoing = await account.outgoing();
    return outgoing.goOn(id, files);
  },

  async pauseSending({ account }, { id }) {
    const outgoing = await account.outgoing();
    outgoing.pause(id);
    return null;
  },

  async sendNow({ account }, { id }) {
    const outgoing = await account.outgoing();
    outgoing.sendNow(id);
    return null;
  },

  async takeBack({ account }, { id }) {
    const outgoing = await account.outgoing();
    return outgoing.takeBack(id);
  },
};
