/** The message that is open, checked whole. */
import { explain, type Explained } from '../../app/failure.ts';
import { ask } from '../../app/line.ts';
import type { MessageRow, ReadMessage } from '../../worker/contract.ts';

class Reading {
  id: string | null = null;
  message: ReadMessage | null = $state.raw(null);
  /** The conversation, itself included, oldest first. */
  conversation: readonly MessageRow[] = $state.raw([]);
  failure: Explained | null = $state.raw(null);
  trustOpen: boolean = $state(false);

  async open(id: string): Promise<void> {
    this.close();
    this.id = id;
    void this.look();
    try {
      const message = await ask('read', { id });
      if (this.id === id) this.message = message;
    } catch (error) {
      if (this.id === id) this.failure = explain(error);
    }
  }

  /** What has come to the conversation meanwhile. */
  async look(): Promise<void> {
    const { id } = this;
    if (id === null) return;
    const rows = await ask('conversation', { id }).catch(() => []);
    if (this.id === id) this.conversation = rows;
  }

  /** Nothing readable stays in the page. */
  close(): void {
    this.id = null;
    this.message = null;
    this.conversation = [];
    this.failure = null;
    this.trustOpen = false;
  }

  flipTrust(): void {
    if (this.message !== null) this.trustOpen = !this.trustOpen;
  }
}

export const reading: Reading = new Reading();
