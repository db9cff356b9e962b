/** The message that is open, checked whole. */
import { explain, type Explained } from '../../app/failure.ts';
import { ask } from '../../app/line.ts';
import type { ReadMessage } from '../../worker/contract.ts';

class Reading {
  id: string | null = null;
  message: ReadMessage | null = $state.raw(null);
  failure: Explained | null = $state.raw(null);
  trustOpen: boolean = $state(false);

  async open(id: string): Promise<void> {
    this.close();
    this.id = id;
    try {
      const message = await ask('read', { id });
      if (this.id === id) this.message = message;
    } catch (error) {
      if (this.id === id) this.failure = explain(error);
    }
  }

  /** Nothing readable stays in the page. */
  close(): void {
    this.id = null;
    this.message = null;
    this.failure = null;
    this.trustOpen = false;
  }

  flipTrust(): void {
    if (this.message !== null) this.trustOpen = !this.trustOpen;
  }
}

export const reading: Reading = new Reading();
