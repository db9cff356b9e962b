/** What the handlers of all requests share. */
import type { Client, VaultState } from '@latchkey/sdk/client';
import { AccountClosedError } from './account-closed-error.ts';
import { AccountsHere } from './accounts-here.ts';
import type { Answer, Ask, News, RequestName } from './contract.ts';
import type { TransferProgress } from '@latchkey/sdk/mail';
import { OpenAccount } from './open-account.ts';
import type { LoginWorker, WebHost } from '@latchkey/host-web';

export interface CallContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TransferProgress) => void;
}

export type Handler<N extends RequestName> = (desk: Desk, ask: Ask<N>, context: CallContext) => Promise<Answer<N>>;
export type Handlers<N extends RequestName = RequestName> = { readonly [K in N]: Handler<K> };

/** One attachment that the page was given an address of. */
export interface OfferedItem {
  readonly message: string;
  readonly index: number;
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly as: 'save' | 'show';
}

interface SlotNews {
  readonly closed: 'locked' | 'idle' | 'logged_out';
}

export class Desk {
  readonly accounts: AccountsHere;
  readonly #tell: (news: News) => void;
  /** What the service worker may ask for, by names that nobody can guess. They go with the account. */
  readonly items: Map<string, OfferedItem> = new Map();
  #open: OpenAccount | null = null;
  #slotNews: BroadcastChannel | null = null;
  #lineState: 'connecting' | 'online' | 'offline' = 'connecting';
  #accept: ((accept: boolean) => void) | null = null;

  constructor(startLogin: () => LoginWorker, tell: (news: News) => void) {
    this.#tell = tell;
    this.accounts = new AccountsHere(startLogin, (isReached) => this.#reached(isReached));
  }

  tell(news: News): void {
    if (news.news === 'closed' && news.why === 'session_ended') this.#drop();
    this.#tell(news);
  }

  /** @throws AccountClosedError */
  get account(): OpenAccount {
    if (this.#open === null) throw new AccountClosedError();
    return this.#open;
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** @throws AccountClosedError */
  get client(): Client {
    return this.account.client;
  }

  take(host: WebHost, client: Client): OpenAccount {
    this.#drop();
    this.#slotNews = new BroadcastChannel(`latchkey/${host.slot}/account`);
    this.#slotNews.addEventListener('message', ({ data }: MessageEvent<SlotNews>) => {
      this.#drop();
      this.#tell({ news: 'closed', why: data.closed });
    });
    this.#open = new OpenAccount(host, client, (news) => this.tell(news));
    return this.#open;
  }

  /** Nothing is watched until `take`; other tabs give the account up. */
  rest(): void {
    this.#slotNews?.postMessage({ closed: 'locked' } satisfies SlotNews);
    this.account.close();
  }

  /** In this tab, and in every other that has it open. */
  close(why: SlotNews['closed']): void {
    this.#slotNews?.postMessage({ closed: why } satisfies SlotNews);
    this.#drop();
    this.#tell({ news: 'closed', why });
  }

  /** Shows the state and waits for its owner's word. */
  askAboutVault(state: VaultState, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      this.#accept = resolve;
      signal.addEventListener('abort', () => resolve(false), { once: true });
      this.#tell({ news: 'vaultState', state });
    });
  }

  acceptVault(accept: boolean): void {
    this.#accept?.(accept);
    this.#accept = null;
  }

  #drop(): void {
    this.items.clear();
    this.#open?.close();
    this.#open = null;
    this.#slotNews?.close();
    this.#slotNews = null;
  }

  #reached(isReached: boolean): void {
    const state = isReached ? 'online' : 'offline';
    if (state === this.#lineState) return;
    this.#lineState = state;
    this.#tell({ news: 'line', state });
  }
}
