/** Accounts of this browser: making, opening, closing. */
import {
  kitSaved,
  lock,
  logIn,
  logOut,
  openClient,
  readPaper,
  register,
  unlock,
  unsavedKit,
  type Client,
} from '@latchkey/sdk/client';
import type { WebHost } from '@latchkey/host-web';
import { canonicalAddress } from '@latchkey/protocol';
import { isReservedName } from '@latchkey/protocol/wire';
import type { Opened, RequestName } from './contract.ts';
import type { Desk, Handlers } from './desk.ts';
import { idleMinutes, lastUse, lockIfIdle, noteUse, setIdleMinutes } from './idle-lock.ts';
import { cardPaper, kitPaper } from './papers.ts';
import { askServerHere } from './server-here.ts';

type Names = Extract<
  RequestName,
  | 'start'
  | 'checkAddress'
  | 'register'
  | 'kitSaved'
  | 'signIn'
  | 'acceptVaultState'
  | 'readPaper'
  | 'open'
  | 'unlock'
  | 'lock'
  | 'logOut'
  | 'discard'
  | 'autoLock'
>;

export const accountHandlers: Handlers<Names> = {
  async start(desk) {
    const ciphers = desk.accounts.ciphers();
    const server = await askServerHere(await ciphers);
    for (const { slot, state } of await desk.accounts.list()) {
      if (state === 'open') await lockIfIdle(await desk.accounts.host(slot));
    }
    const accounts = await desk.accounts.list();
    return {
      accounts,
      last: await lastUsed(
        desk,
        accounts.map(({ slot }) => slot),
      ),
      server,
      keeps: true,
    };
  },

  async checkAddress(_desk, { typed }) {
    let address: string;
    try {
      address = canonicalAddress(typed);
    } catch {
      return { kind: 'malformed' };
    }
    const [name = ''] = address.split('@');
    return { kind: isReservedName(name) ? 'reserved' : 'free', address };
  },

  async register(desk, { deviceName, ...request }) {
    const slot = await desk.accounts.slotToBegin();
    const host = await desk.accounts.host(slot);
    try {
      const { client, card, kit } = await register(host, {
        origin: globalThis.location.origin,
        ...request,
        deviceName,
      });
      const opened = await enter(desk, host, client);
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
      const client = await logIn(host, { ...request, acceptState: (state) => desk.askAboutVault(state, signal) });
      return await enter(desk, host, client);
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

  async open(desk, { slot }) {
    const host = await desk.accounts.host(slot);
    await lockIfIdle(host);
    return enter(desk, host, await openClient(host));
  },

  async unlock(desk, { slot, password }) {
    const host = await desk.accounts.host(slot);
    return enter(desk, host, await unlock(host, password));
  },

  async lock(desk) {
    const { host } = desk.account;
    await lock(host);
    desk.close('locked');
    return null;
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

  async autoLock(desk, { minutes }) {
    const { host } = desk.account;
    if (minutes !== undefined) await setIdleMinutes(host, minutes);
    return { minutes: await idleMinutes(host) };
  },
};

async function enter(desk: Desk, host: WebHost, client: Client): Promise<Opened> {
  const { address } = client;
  const { origin } = client.wire;
  await desk.accounts.name(host.slot, { address, origin });
  await noteUse(host);
  const kit = await unsavedKit(host);
  desk.take(host, client);
  return { slot: host.slot, address, origin, unsavedKit: kit === null ? null : kitPaper(kit) };
}

async function lastUsed(desk: Desk, slots: readonly string[]): Promise<string | null> {
  let last: { readonly slot: string; readonly usedMs: number } | null = null;
  for (const slot of slots) {
    const usedMs = await lastUse(await desk.accounts.host(slot));
    if (last === null || usedMs > last.usedMs) last = { slot, usedMs };
  }
  return last?.slot ?? null;
}
