/** The message that is being written: one at a time; another one waits among the drafts. */
import type { KeptDraft } from '../../worker/contract.ts';

export interface Begun {
  /** 32 hex digits. */
  readonly id: string;
  readonly way: 'new' | 'reply' | 'forward';
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Where formatting was chosen. */
  readonly html?: string;
  readonly replyTo?: string;
  readonly forward?: string;
  /** Files that were attached before a crash and are to be picked again. */
  readonly lostFiles: readonly string[];
}

const BLANK: Omit<Begun, 'id'> = { way: 'new', to: [], cc: [], bcc: [], subject: '', text: '', lostFiles: [] };

class Composers {
  current: Begun | null = $state.raw(null);
  /** Of the open composer: seals what is written, without waiting for a pause in typing. */
  keepNow: (() => Promise<void>) | null = null;

  begin(with_: Partial<Omit<Begun, 'id'>> = {}): void {
    this.current = { ...BLANK, ...with_, id: newId() };
  }

  goOn({ id, composed, attachmentNames }: KeptDraft): void {
    const way = composed.replyTo !== undefined ? 'reply' : composed.forward !== undefined ? 'forward' : 'new';
    this.current = { ...BLANK, ...composed, way, id, lostFiles: attachmentNames };
  }

  close(): void {
    this.current = null;
  }

  /** At the lock. What was written is sealed by then. */
  forget(): void {
    this.current = null;
  }
}

function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const composers: Composers = new Composers();
