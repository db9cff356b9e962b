/** What it means, and what to do, where the key log shows something else of oneself than one's own vault holds. */
import type { KeyLogError } from '@latchkey/sdk/client';
import type { Explanation } from './explain-refusal.ts';

const explanations: Readonly<Record<string, Explanation>> = {
  own_reset_announced: [
    'distrust',
    'SOMEBODY HAS ANNOUNCED OTHER KEYS FOR YOUR ADDRESS, with a recovery kit of yours. When their hold is over your contacts will write to them and no longer to you',
    "If it was not you: latchkey keys veto, now. If it was you, on another machine: sign out here, and in again when 'latchkey keys reset' has ended there",
  ],
  own_reset_vetoed: [
    'distrust',
    'The keys that you announced with the recovery kit were vetoed by whoever has the keys that you had before',
    'If that was not you either: latchkey keys reset once more, with the kit; a second time no veto stops it',
  ],
  own_keys_elsewhere: [
    'distrust',
    'SOMEBODY ELSE HAS MADE NEW KEYS FOR YOUR ADDRESS, with a key that only you should have: a machine of yours was stolen or copied',
    'Take the address back with the recovery kit: latchkey keys reset. It has to be announced before the hold of the old kit is over',
  ],
  own_address_closed: [
    'distrust',
    'The operator has closed your address: nobody writes to it any more',
    'Ask the operator in another way. What is on this machine stays readable; your contacts are told that the address is gone',
  ],
  own_address_reissued: [
    'distrust',
    'Your address was given to somebody else',
    'Tell your contacts in another way: each of them is told that it is a different person, and asked to compare words',
  ],
} satisfies Readonly<Partial<Record<KeyLogError['reason'], Explanation>>>;

export const keyLogExplanations: Readonly<Record<string, Explanation>> = {
  policy_refused: ['distrust', null, 'Get the keys from the witness itself, and ask the operator what he has changed'],
  contact_card_refused: ['distrust', null, "Ask for a new card, or compare words: 'latchkey keys verify'"],
  contact_malformed: ['damaged', 'This is no contact card, or it was copied wrongly', 'Copy its line again, whole'],
  key_log_refused: [
    'distrust',
    null,
    "Nothing was sent. See what was kept with 'latchkey keys evidence', and ask the operator in another way",
  ],
  address_reissued: [
    'distrust',
    'This address was somebody else’s: whoever knew them is told that you are a different person, and nobody writes to you by mistake',
    'If that is what the operator has told you, give the same command again with --reissued; if not, ask the operator why',
  ],
  veto_needless: ['not_found', 'Nobody has announced other keys for this account', 'There is nothing to veto'],
  veto_spent: [
    'distrust',
    'These keys were announced a second time, after a veto: whoever has the recovery kit has the last word',
    'Tell your contacts in another way; they see that the keys come from a reset, and when they count',
  ],
  reset_needless: [
    'account',
    'The recovery kit opens the account as it is: nothing has to be reset',
    'Sign in with it: latchkey login ADDRESS --kit FILE; then latchkey sessions remove --lost makes everything new, and contacts follow at once',
  ],
  reset_unfinished: [
    'account',
    'New keys were announced on this machine, and their account has not begun yet',
    'Go on with latchkey keys reset; latchkey logout throws the keys away',
  ],
  reset_vetoed: [
    'distrust',
    'The keys that were announced here were vetoed by whoever has the old ones, or others stand in their place',
    'Run the same command again: it announces once more, and a second time no veto stops it',
  ],
  key_log_missing: [
    'not_found',
    'This server has no key log',
    'Keys are pinned at first use here; there are no resets',
  ],
};

/** Told by name: nothing is more urgent. */
export function explainOwnHistory(error: unknown): Explanation | undefined {
  if (!(error instanceof Error) || !('reason' in error) || typeof error.reason !== 'string') return undefined;
  return Object.hasOwn(explanations, error.reason) ? explanations[error.reason] : undefined;
}
