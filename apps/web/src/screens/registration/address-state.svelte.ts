/** Whether an address can be had, said while it is typed. */
import { ask } from '../../app/line.ts';

export type AddressState =
  | { readonly kind: 'empty' | 'checking' | 'malformed' | 'unchecked' }
  | { readonly kind: 'free' | 'taken' | 'reserved' | 'unknown'; readonly address: string };

/** A pause in typing, not each letter. */
const PAUSE_MS = 250;

export class AddressWatch {
  state: AddressState = $state.raw({ kind: 'empty' });
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  typed(typed: string): void {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    if (typed.trim() === '' || typed.startsWith('@')) {
      this.state = { kind: 'empty' };
      return;
    }
    this.state = { kind: 'checking' };
    this.#timer = setTimeout(() => void this.#check(typed, asked), PAUSE_MS);
  }

  async #check(typed: string, asked: number): Promise<void> {
    // Without an answer nothing is claimed: registering itself says it again.
    const answer: AddressState = await ask('checkAddress', { typed }).catch(() => ({ kind: 'unchecked' as const }));
    if (asked === this.#asked) this.state = answer;
  }
}
