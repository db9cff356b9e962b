/** One message on its way: progress, stop, outcome. It goes on after the composer is closed. */
import { explain, failureOf } from '../../app/failure.ts';
import { ask } from '../../app/line.ts';
import { toasts } from '../../app/toasts.svelte.ts';
import { text } from '../../messages/text.ts';
import { drafts } from './drafts.svelte.ts';
import type { Composed, RefusedRecipient, Sent, TransferProgress } from '../../worker/contract.ts';

export class Sending {
  state: 'idle' | 'sending' | 'refused' | 'failed' = $state('idle');
  progress: TransferProgress | null = $state.raw(null);
  refused: readonly RefusedRecipient[] = $state.raw([]);
  words: string = $state('');
  #stop: AbortController | null = null;

  /** @returns whether it is sent */
  async send(composed: Composed, draft: string, skipRefused: boolean): Promise<boolean> {
    this.state = 'sending';
    this.refused = [];
    this.progress = null;
    this.#stop = new AbortController();
    try {
      const sent = await ask(
        'send',
        { composed, draft, skipRefused },
        { signal: this.#stop.signal, onProgress: (progress) => (this.progress = progress) },
      );
      this.state = 'idle';
      void drafts.remove(draft).catch(() => undefined);
      tell(sent);
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

function tell({ recipients }: Sent): void {
  const missed = recipients.filter(({ outcome }) => outcome !== 'delivered');
  if (missed.length === 0) {
    toasts.show({ words: text.compose.sent });
    return;
  }
  const each = missed.map(({ address, outcome }) => `${address}: ${text.compose.outcome[outcome]}`).join('. ');
  toasts.show({ words: `${text.compose.someNotSent}. ${each}`, tone: 'danger' });
}
