/** The account that is open in this tab, and what it hears. */
import type { WebHost } from '@latchkey/host-web';
import { RefusedError, type Client } from '@latchkey/sdk/client';
import { list, watch, type MessageRow } from '@latchkey/sdk/mail';
import type { News } from './contract.ts';
import { failureOf } from './failure-of.ts';
import type { Outgoing } from './outgoing.ts';
import { OutgoingNotes } from './outgoing-notes.ts';

/** Between two looks at what other devices and tabs changed. */
const LOOK_EVERY_MS = 500;
const RETRY_MS = 5_000;
/** The inbox comes first. */
const GO_ON_AFTER_MS = 1_500;

interface TabNews {
  readonly changed: true;
  /** Newly arrived, told once a tab. */
  readonly rows: readonly MessageRow[];
}

/**
 * Each tab has a worker and a client of its own; the sdk is made for several of them on one device. One tab leads: it
 * holds the live line and tells the others, so that ten tabs are one connection (docs/decisions, "One tab leads").
 */
export class OpenAccount {
  readonly host: WebHost;
  readonly client: Client;
  readonly #tell: (news: News) => void;
  readonly #stop = new AbortController();
  readonly #tabs: BroadcastChannel;
  /** Ends one turn of the live line; the next begins at once. */
  #pause = new AbortController();
  #rows: Promise<readonly MessageRow[]> | null = null;
  #outgoing: Promise<Outgoing> | null = null;

  constructor(host: WebHost, client: Client, tell: (news: News) => void) {
    this.host = host;
    this.client = client;
    this.#tell = tell;
    this.#tabs = new BroadcastChannel(`latchkey/${host.slot}/mail`);
    this.#tabs.addEventListener('message', ({ data }: MessageEvent<TabNews>) => void this.#hearTab(data));
    void this.#look();
    void this.#lead();
  }

  /** All rows, newest first; made once and again when something has changed. */
  rows(): Promise<readonly MessageRow[]> {
    this.#rows ??= list(this.client, { folder: 'all' });
    return this.#rows;
  }

  /** Loaded when something is on its way. */
  outgoing(): Promise<Outgoing> {
    this.#outgoing ??= import('./outgoing.ts').then(
      ({ Outgoing: Made }) =>
        new Made({
          host: this.host,
          client: this.client,
          changed: () => this.changed(),
          tell: (messages) => this.#tell({ news: 'outgoing', messages }),
        }),
    );
    return this.#outgoing;
  }

  /** This tab changed something: the next list is made anew, and the other tabs look. */
  changed(arrived: readonly MessageRow[] = []): void {
    const rows = arrived.filter(({ sender }) => sender !== 'declined');
    this.#rows = null;
    this.#tabs.postMessage({ changed: true, rows } satisfies TabNews);
    this.#tell({ news: 'mail', rows });
  }

  /** Asks now, instead of at the end of the pause after the line was cut. */
  reconnect(): void {
    this.#pause.abort();
  }

  close(): void {
    this.#stop.abort();
    this.#tabs.close();
    void this.#outgoing?.then((outgoing) => outgoing.close());
  }

  /** The first tab to ask leads until it goes. */
  async #lead(): Promise<void> {
    const { signal } = this.#stop;
    const lead = navigator.locks.request(`latchkey/${this.host.slot}/lead`, { signal }, () => this.#live());
    await lead.catch(() => undefined);
  }

  /** What was begun in this browser and is in no tab's hand. */
  async #goOn(): Promise<void> {
    const { signal } = this.#stop;
    await this.host.clock.sleep(GO_ON_AFTER_MS, signal);
    if (signal.aborted || (await new OutgoingNotes(this.host.files).ids()).length === 0) return;
    const outgoing = await this.outgoing();
    await outgoing.goOnByItself();
  }

  async #live(): Promise<void> {
    const { signal } = this.#stop;
    void this.#goOn().catch(() => undefined);
    while (!signal.aborted) {
      this.#pause = new AbortController();
      const turn = AbortSignal.any([signal, this.#pause.signal]);
      try {
        for await (const row of watch(this.client, { signal: turn })) this.changed([row]);
      } catch (error) {
        if (signal.aborted) return;
        if (turn.aborted) continue;
        if (error instanceof RefusedError && error.wire === 'session_invalid') {
          this.#tell({ news: 'closed', why: 'session_ended' });
          return;
        }
        this.#tell({ news: 'alarm', code: failureOf(error).code });
        await this.host.clock.sleep(RETRY_MS, signal);
      }
    }
  }

  /** What was caught up with in this tab, whoever changed it. */
  async #look(): Promise<void> {
    const { signal } = this.#stop;
    const changes = this.client.mailbox.watchChanges();
    while (!signal.aborted) {
      await this.host.clock.sleep(LOOK_EVERY_MS);
      if (changes.take().length === 0) continue;
      this.#rows = null;
      this.#tell({ news: 'mail', rows: [] });
    }
    changes.end();
  }

  async #hearTab({ rows }: TabNews): Promise<void> {
    try {
      await this.client.mailbox.catchUp();
      this.#rows = null;
      this.#tell({ news: 'mail', rows });
    } catch {
      // The line is cut: the next news, or the next question, catches up.
    }
  }
}
