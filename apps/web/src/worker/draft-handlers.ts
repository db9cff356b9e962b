/** What is being written, kept sealed in this browser until it is sent or thrown away. */
import type { KeptDraft, RequestName } from './contract.ts';
import type { Handlers } from './desk.ts';
import { OutgoingNotes } from './outgoing-notes.ts';

type Names = Extract<RequestName, 'saveDraft' | 'drafts' | 'removeDraft'>;

const BEGINNING = 'app/draft/';

export const draftHandlers: Handlers<Names> = {
  async saveDraft({ account }, draft) {
    const kept: KeptDraft = { ...draft, savedMs: account.host.clock.nowMs() };
    await account.host.files.write('device', nameOf(draft.id), new TextEncoder().encode(JSON.stringify(kept)));
    return null;
  },

  async drafts({ account }) {
    const drafts: KeptDraft[] = [];
    const onTheirWay = await new OutgoingNotes(account.host.files).drafts();
    for (const name of await account.host.files.names(BEGINNING)) {
      const bytes = await account.host.files.read('device', name);
      // Sealed by this browser under a key of its own: what opens is what was written.
      const draft = bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as KeptDraft);
      if (draft !== null && !onTheirWay.has(draft.id)) drafts.push(draft);
    }
    return drafts.toSorted((one, other) => other.savedMs - one.savedMs);
  },

  async removeDraft({ account }, { id }) {
    await account.host.files.remove(nameOf(id));
    return null;
  },
};

function nameOf(id: string): string {
  if (!/^[0-9a-f]{32}$/.test(id)) throw new RangeError('a draft is named by 32 hex digits');
  return `${BEGINNING}${id}`;
}
