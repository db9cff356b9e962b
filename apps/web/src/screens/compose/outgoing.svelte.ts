/** What is on its way, as the worker tells it. */
import { explain } from '../../app/failure.ts';
import { ask, workerLine } from '../../app/line.ts';
import { toasts } from '../../app/toasts.svelte.ts';
import { text } from '../../messages/text.ts';
import type { News, OutgoingMessage } from '../../worker/contract.ts';
import { composers } from './composers.svelte.ts';
import { drafts } from './drafts.svelte.ts';
import { tell } from './sending.svelte.ts';

class Outgoing {
  all: readonly OutgoingMessage[] = $state.raw([]);
  #unlisten: (() => void) | null = null;

  begin(): void {
    this.#unlisten ??= workerLine().listen((news) => this.#hear(news));
  }

  async load(): Promise<void> {
    this.all = await ask('outgoing', {}).catch(() => this.all);
  }

  async goOn(id: string, files: readonly File[] = []): Promise<void> {
    await this.#try(async () => tell(await ask('goOnSending', { id, files })));
  }

  async pause(id: string): Promise<void> {
    await this.#try(() => ask('pauseSending', { id }));
  }

  async sendNow(id: string): Promise<void> {
    await this.#try(() => ask('sendNow', { id }));
  }

  /** What was written is open again where nothing else is being written; else it is among the drafts. */
  async takeBack(id: string): Promise<void> {
    await this.#try(async () => {
      const before = new Set(drafts.all.map((draft) => draft.id));
      const outcome = await ask('takeBack', { id });
      toasts.show({ words: outcome === 'taken_back' ? text.outgoing.takenBack : text.outgoing.tooLate });
      await drafts.load();
      const again = drafts.all.find((draft) => !before.has(draft.id));
      if (outcome === 'taken_back' && again !== undefined && composers.current === null) composers.goOn(again);
    });
  }

  /** At the lock: nothing readable stays in the page. */
  forget(): void {
    this.#unlisten?.();
    this.#unlisten = null;
    removeEventListener('beforeunload', holdPage);
    this.all = [];
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      toasts.show({ words: explain(error).words, tone: 'danger' });
    }
  }

  #hear(news: News): void {
    if (news.news !== 'outgoing') return;
    this.all = news.messages;
    // Nobody closes a page on what is still going up without being asked.
    const isBusy = news.messages.some(
      ({ state }) => state === 'uploading' || state === 'held' || state === 'delivering',
    );
    removeEventListener('beforeunload', holdPage);
    if (isBusy) addEventListener('beforeunload', holdPage);
  }
}

function holdPage(event: Event): void {
  event.preventDefault();
}

export const outgoing: Outgoing = new Outgoing();
