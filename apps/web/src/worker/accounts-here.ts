/** The accounts of this browser: which there are, and which was used last. */
import {
  listSlots,
  newSlot,
  openWebHost,
  removeSlot,
  webCiphers,
  type LoginWorker,
  type WebHost,
} from '@latchkey/host-web';
import type { LocalAccount } from './contract.ts';

interface Label {
  readonly address: string;
  readonly origin: string;
}

const LABEL = 'app/label';

export class AccountsHere {
  readonly #startLogin: () => LoginWorker;
  readonly #hosts = new Map<string, Promise<WebHost>>();
  #ciphers: ReturnType<typeof webCiphers> | null = null;
  readonly onReached: (isReached: boolean) => void;

  constructor(startLogin: () => LoginWorker, onReached: (isReached: boolean) => void) {
    this.#startLogin = startLogin;
    this.onReached = onReached;
  }

  ciphers(): ReturnType<typeof webCiphers> {
    return (this.#ciphers ??= webCiphers());
  }

  host(slot: string): Promise<WebHost> {
    const opened = this.#hosts.get(slot) ?? this.#open(slot);
    this.#hosts.set(slot, opened);
    opened.catch(() => this.#hosts.delete(slot));
    return opened;
  }

  async list(): Promise<readonly LocalAccount[]> {
    const accounts: LocalAccount[] = [];
    for (const slot of await listSlots()) {
      const account = await this.#describe(slot);
      if (account !== null) accounts.push(account);
    }
    return accounts;
  }

  /** Where a registration or login goes on, or begins. */
  async slotToBegin(): Promise<string> {
    const begun = (await this.list()).find(({ state }) => state === 'begun');
    return begun?.slot ?? newSlot();
  }

  async name(slot: string, label: Label): Promise<void> {
    const host = await this.host(slot);
    await host.files.write('device', LABEL, new TextEncoder().encode(JSON.stringify(label)));
  }

  /** Leaves nothing of it in this browser. */
  async remove(slot: string): Promise<void> {
    const host = await this.#hosts.get(slot);
    host?.close();
    this.#hosts.delete(slot);
    await removeSlot(slot);
  }

  /** Takes a slot away again in which nothing was begun after all. */
  async removeIfEmpty(slot: string): Promise<void> {
    const { profile } = await this.host(slot);
    if ((await profile.read('account')) === null && (await profile.read('pending')) === null) await this.remove(slot);
  }

  async #open(slot: string): Promise<WebHost> {
    return openWebHost({
      slot,
      ciphers: await this.ciphers(),
      startLogin: this.#startLogin,
      onReached: this.onReached,
    });
  }

  /** Null where nothing lies in it. */
  async #describe(slot: string): Promise<LocalAccount | null> {
    const { profile, files } = await this.host(slot);
    const account = await profile.read('account');
    if (account === null) {
      if ((await profile.read('pending')) === null) return null;
      return { slot, address: null, origin: null, state: 'begun' };
    }
    account.fill(0);
    const label = await files.read('device', LABEL);
    const { address, origin } =
      label === null ? { address: null, origin: null } : (JSON.parse(new TextDecoder().decode(label)) as Label);
    const root = await profile.read('unlocked');
    const state = root === null ? 'locked' : 'open';
    root?.fill(0);
    return { slot, address, origin, state };
  }
}
