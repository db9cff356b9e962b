/** One message until it is in the outbox: progress, stop, refusal. From there on `outgoing` shows it. */
import { explain, failureOf } from '../../app/failure.ts';
import { ask } from '../../app/line.ts';
import { toasts } from '../../app/toasts.svelte.ts';
import { text } from '../../messages/text.ts';
import { drafts } from './drafts.svelte.ts';
import { undoSeconds } from './undo-time.ts';
import type { Composed, RefusedRecipient, Sent, TransferProgress } from '../../worker/contract.ts';

/** Before there is anything that could be gone on with. */
const BEFORE: ReadonlySet<TransferProgress['step']> = new Set(['resolving', 'sealing']);

export class Sending {
  state: 'idle' | 'sending' | 'refused' | 'failed' = $state('idle');
  progress: TransferProgress | null = $state.raw(null);
  refused: readonly RefusedRecipient[] = $state.raw([]);
  words: string = $state('');
  #stop: AbortController | null = null;

  /** @returns whether it is on its way: then it needs no composer any more */
  async send(composed: Composed, draft: string, skipRefused: boolean): Promise<boolean> {
    this.state = 'sending';
    this.refused = [];
    this.progress = null;
    this.#stop = new AbortController();
    const { promise: kept, resolve } = Promise.withResolvers<true>();
    const onProgress = (progress: TransferProgress): void => {
      this.progress = progress;
      if (!BEFORE.has(progress.step)) resolve(true);
    };
    const wishes = { composed, draft, skipRefused, holdMs: undoSeconds() * 1000 };
    const sent = ask('send', wishes, { signal: this.#stop.signal, onProgress });
    try {
      const first = await Promise.race([kept, sent]);
      this.state = 'idle';
      if (first === true) void tellLater(sent);
      else tell(first);
      void drafts.load();
      return true;
    } catch (error) {
      const failure = failureOf(error);
      this.refused = failure?.recipients ?? [];
      this.state = failure?.code === 'recipients_refused' ? 'refused' : failure?.code === 'stopped' ? 'idle' : 'failed';
      this.words = failure?.code === 'server_unreachable' ? text.compose.notSent : explain(error).words;
      return false;
    }
  }

  stop(): void {
    this.#stop?.abort();
  }
}

/** Of a message whose composer is closed. */
async function tellLater(sent: Promise<Sent | null>): Promise<void> {
  try {
    tell(await sent);
  } catch (error) {
    // It is a draft again: nothing of it is lost.
    toasts.show({ words: `${explain(error).words} ${text.compose.draftAgain}`, tone: 'danger' });
  }
  void drafts.load();
}

/** Null: it is shown among those on their way, or was taken back. */
export function tell(sent: Sent | null): void {
  if (sent === null) return;
  const missed = sent.recipients.filter(({ outcome }) => outcome !== 'delivered');
  if (missed.length === 0) {
    toasts.show({ words: text.compose.sent });
    return;
  }
  const each = missed.map(({ address, outcome }) => `${address}: ${text.compose.outcome[outcome]}`).join('. ');
  toasts.show({ words: `${text.compose.someNotSent}. ${each}`, tone: 'danger' });
}
