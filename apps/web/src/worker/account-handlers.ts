/** Accounts of this browser: making one, signing in, unlocking, leaving. */
import { kitSaved, logIn, logOut, readPaper, register, unlock } from '@latchkey/sdk/client';
import { askIfFree } from './ask-if-free.ts';
import type { RequestName } from './contract.ts';
import type { Handlers } from './desk.ts';
import { enterAccount } from './enter-account.ts';
import { cardPaper, kitPaper } from './papers.ts';

type Names = Extract<
  RequestName,
  | 'checkAddress'
  | 'register'
  | 'kitSaved'
  | 'signIn'
  | 'acceptVaultState'
  | 'readPaper'
  | 'unlock'
  | 'logOut'
  | 'discard'
>;

export const accountHandlers: Handlers<Names> = {
  checkAddress: async (desk, { typed }) => askIfFree(await desk.accounts.ciphers(), typed),

  async register(desk, { deviceName, ...request }) {
    const slot = await desk.accounts.slotToBegin();
    const host = await desk.accounts.host(slot);
    try {
      const { client, card, kit } = await register(host, {
        origin: globalThis.location.origin,
        ...request,
        deviceName,
      });
      const opened = await enterAccount(desk, host, client);
      return { opened, papers: { card: cardPaper(card), kit: kitPaper(kit) } };
    } catch (error) {
      await desk.accounts.removeIfEmpty(slot);
      throw error;
    }
  },

  async kitSaved(desk) {
    await kitSaved(desk.account.host);
    return null;
  },

  async signIn(desk, request, { signal }) {
    const slot = await desk.accounts.slotToBegin();
    const host = await desk.accounts.host(slot);
    try {
      const client = await logIn(host, {
        origin: globalThis.location.origin,
        ...request,
        acceptState: (state) => desk.askAboutVault(state, signal),
      });
      return await enterAccount(desk, host, client);
    } catch (error) {
      await desk.accounts.removeIfEmpty(slot);
      throw error;
    }
  },

  async acceptVaultState(desk, { accept }) {
    desk.acceptVault(accept);
    return null;
  },

  async readPaper(desk, { text }) {
    return readPaper(await desk.accounts.ciphers(), text);
  },

  async unlock(desk, { slot, password }) {
    const host = await desk.accounts.host(slot);
    return enterAccount(desk, host, await unlock(host, password));
  },

  async logOut(desk, { slot }) {
    const host = await desk.accounts.host(slot);
    await logOut(host);
    if (desk.isOpen && desk.account.host.slot === slot) desk.close('logged_out');
    await desk.accounts.remove(slot);
    return null;
  },

  async discard(desk, { slot }) {
    const host = await desk.accounts.host(slot);
    if ((await host.profile.read('account')) === null) await logOut(host);
    await desk.accounts.removeIfEmpty(slot);
    return null;
  },
};
