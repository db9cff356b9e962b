/** Which account is open here, and what screen that means. */
import { goTo } from '../router/router.svelte.ts';
import type { Here, LocalAccount, News, Opened, Paper, VaultState } from '../worker/contract.ts';
import { composers } from '../screens/compose/composers.svelte.ts';
import { ask, workerLine } from './line.ts';
import { explain, type Explained } from './failure.ts';

export type Stage = 'starting' | 'outside' | 'locked' | 'open' | 'failed';
export type WhyLocked = 'idle' | 'asked' | 'session';

class Account {
  stage: Stage = $state('starting');
  here: Here | null = $state.raw(null);
  opened: Opened | null = $state.raw(null);
  /** The one that is locked. */
  locked: LocalAccount | null = $state.raw(null);
  whyLocked: WhyLocked = $state('asked');
  line: 'connecting' | 'online' | 'offline' = $state('connecting');
  /** Code of what the server was found at. */
  alarm: string | null = $state(null);
  failure: Explained | null = $state.raw(null);
  /** What a joining device is asked about. */
  vaultState: VaultState | null = $state.raw(null);

  async start(): Promise<void> {
    workerLine().listen((news) => this.#hear(news));
    globalThis.addEventListener('offline', () => (this.line = 'offline'));
    globalThis.addEventListener('online', () => void this.reconnect());
    try {
      const here = await ask('start', {});
      this.here = here;
      const account = here.accounts.find(({ slot }) => slot === here.last) ?? here.accounts[0];
      if (account === undefined || account.state === 'begun') this.stage = 'outside';
      else await this.use(account);
    } catch (error) {
      this.failure = explain(error);
      this.stage = 'failed';
    }
  }

  /** Another account of this browser. */
  async use(account: LocalAccount): Promise<void> {
    this.locked = account;
    if (account.state === 'locked') {
      this.stage = 'locked';
      return;
    }
    try {
      this.enter(await ask('open', { slot: account.slot }));
    } catch {
      this.stage = 'locked';
    }
  }

  /** Everything is there: mail comes next. */
  enter(opened: Opened): void {
    this.opened = opened;
    this.locked = { slot: opened.slot, address: opened.address, origin: opened.origin, state: 'open' };
    this.stage = 'open';
    this.alarm = null;
  }

  async lock(): Promise<void> {
    await composers.keepNow?.();
    this.#close('asked');
    await ask('lock', {});
  }

  async leave(slot: string): Promise<void> {
    await ask('logOut', { slot });
    await this.outside();
  }

  /** Asks the server now, instead of after the pause. */
  async reconnect(): Promise<void> {
    if (this.stage !== 'open') return;
    try {
      await ask('refresh', {});
      this.line = 'online';
    } catch {
      // It says by itself how it goes on.
    }
  }

  /** To the welcome screen, with what is in this browser now. */
  async outside(): Promise<void> {
    this.opened = null;
    this.locked = null;
    this.here = await ask('start', {});
    this.stage = 'outside';
    goTo({ at: 'welcome' }, { replace: true });
  }

  kitIsSaved(): void {
    if (this.opened !== null) this.opened = { ...this.opened, unsavedKit: null };
    void ask('kitSaved', {});
  }

  get unsavedKit(): Paper | null {
    return this.opened?.unsavedKit ?? null;
  }

  #close(why: WhyLocked): void {
    this.opened = null;
    this.whyLocked = why;
    this.stage = 'locked';
  }

  #hear(news: News): void {
    if (news.news === 'line') this.line = news.state;
    if (news.news === 'alarm') this.alarm = news.code;
    if (news.news === 'vaultState') this.vaultState = news.state;
    if (news.news !== 'closed' || this.stage !== 'open') return;
    if (news.why === 'logged_out') void this.outside();
    else this.#close(news.why === 'session_ended' ? 'session' : news.why === 'idle' ? 'idle' : 'asked');
  }
}

export const account: Account = new Account();
