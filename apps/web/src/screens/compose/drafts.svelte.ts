/** What is being written and not sent, sealed in this browser. */
import { ask } from '../../app/line.ts';
import type { KeptDraft } from '../../worker/contract.ts';

class Drafts {
  all: readonly KeptDraft[] = $state.raw([]);

  async load(): Promise<void> {
    // A list that cannot be read now is read at the next change.
    this.all = await ask('drafts', {}).catch(() => this.all);
  }

  async keep(draft: Omit<KeptDraft, 'savedMs'>): Promise<void> {
    await ask('saveDraft', draft);
    await this.load();
  }

  async remove(id: string): Promise<void> {
    await ask('removeDraft', { id });
    await this.load();
  }

  /** At the lock: nothing readable stays in the page. */
  forget(): void {
    this.all = [];
  }
}

export const drafts: Drafts = new Drafts();
