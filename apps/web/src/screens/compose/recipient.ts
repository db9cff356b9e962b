/** One recipient as a chip: what was typed, and what is known of it. */
import type { ChipState } from '../../worker/contract.ts';
import { text } from '../../messages/text.ts';

export interface Recipient {
  readonly typed: string;
  /** Null while it is asked; `failed` where there was no answer. */
  readonly state: ChipState | 'failed' | null;
}

export type ChipTone = 'wait' | 'good' | 'plain' | 'care' | 'danger';

export interface ChipLook {
  readonly tone: ChipTone;
  readonly words: string;
}

export function chipLook({ state }: Recipient): ChipLook {
  const words = text.compose.chip;
  if (state === null) return { tone: 'wait', words: words.checking };
  if (state === 'failed') return { tone: 'care', words: words.failed };
  if (state.kind !== 'known') return { tone: 'danger', words: words[state.kind] };
  if (state.takes !== 'mail') return { tone: 'danger', words: words[state.takes] };
  if (state.trust === 'first_use') return { tone: 'care', words: words.first_use };
  return { tone: state.trust === 'witnessed' ? 'good' : 'plain', words: words[state.trust] };
}

/** Can it be written to, as far as is known? */
export function isRefused(recipient: Recipient): boolean {
  return chipLook(recipient).tone === 'danger';
}

/** What was typed or pasted: several addresses, with or without names before them. */
export function parseTyped(typed: string): readonly string[] {
  return typed
    .split(/[,;\s]+/)
    .map((part) => /<([^<>]+)>/.exec(part)?.[1] ?? part)
    .filter((part) => part !== '');
}

/** The address that is sent to. */
export function addressOf({ typed, state }: Recipient): string {
  return state !== null && state !== 'failed' && state.kind !== 'malformed' ? state.address : typed;
}
