/** The account that is here: which, opening it, closing it. In the worker from the start. */
import { lock, openClient } from '@latchkey/sdk/client';
import type { RequestName } from './contract.ts';
import type { Desk, Handlers } from './desk.ts';
import { enterAccount } from './enter-account.ts';
import { idleMinutes, lastUse, lockIfIdle, setIdleMinutes } from './idle-lock.ts';
import { askServerHere } from './server-here.ts';

type Names = Extract<RequestName, 'start' | 'open' | 'lock' | 'autoLock'>;

export const openingHandlers: Handlers<Names> = {
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

  async open(desk, { slot }) {
    const host = await desk.accounts.host(slot);
    await lockIfIdle(host);
    return enterAccount(desk, host, await openClient(host));
  },

  async lock(desk) {
    const { host } = desk.account;
    await lock(host);
    desk.close('locked');
    return null;
  },

  async autoLock(desk, { minutes }) {
    const { host } = desk.account;
    if (minutes !== undefined) await setIdleMinutes(host, minutes);
    return { minutes: await idleMinutes(host) };
  },
};

async function lastUsed(desk: Desk, slots: readonly string[]): Promise<string | null> {
  let last: { readonly slot: string; readonly usedMs: number } | null = null;
  for (const slot of slots) {
    const usedMs = await lastUse(await desk.accounts.host(slot));
    if (last === null || usedMs > last.usedMs) last = { slot, usedMs };
  }
  return last?.slot ?? null;
}
