/** What an owner may want to know and change about the account. */
import {
  accountState,
  changePassword,
  closeAccount,
  keepAccount,
  listSessions,
  lockOut,
  removeSession,
  signInCard,
} from '@latchkey/sdk/client';
import type { RequestName } from './contract.ts';
import type { Handlers } from './desk.ts';
import { cardPaper, kitPaper } from './papers.ts';

type Names = Extract<
  RequestName,
  | 'accountState'
  | 'signInCard'
  | 'changePassword'
  | 'sessions'
  | 'removeSession'
  | 'lockOut'
  | 'closeAccount'
  | 'keepAccount'
>;

export const settingsHandlers: Handlers<Names> = {
  accountState: ({ client }) => accountState(client),
  signInCard: async ({ client }) => cardPaper(await signInCard(client)),

  async changePassword({ client }, { password }) {
    await changePassword(client, password);
    return null;
  },

  sessions: ({ client }) => listSessions(client),

  async removeSession({ client }, { id }) {
    await removeSession(client, id);
    return null;
  },

  async lockOut(desk, { password }) {
    const { host, client: before } = desk.account;
    const onProgress = (progress: { done: number; total: number }): void => desk.tell({ news: 'lockOut', progress });
    // Who watches with the old keys meanwhile sees spaces that are sealed anew, and would cry out.
    desk.rest();
    try {
      const { client, card, kit } = await lockOut(host, { password, onProgress });
      desk.take(host, client);
      return { card: cardPaper(card), kit: kitPaper(kit) };
    } catch (error) {
      desk.take(host, before);
      throw error;
    }
  },

  closeAccount: async ({ client }) => ({ removedOnDay: await closeAccount(client) }),

  async keepAccount({ client }) {
    await keepAccount(client);
    return null;
  },
};
