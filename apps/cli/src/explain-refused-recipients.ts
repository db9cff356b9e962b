import type { RefusedRecipient } from '@latchkey/sdk/mail';
import { mailExplanations } from './explain-mail.ts';
import type { Explanation } from './explain-refusal.ts';
import { changedWords } from './keys-commands/trust-words.ts';

const words: Readonly<Record<Exclude<RefusedRecipient['outcome'], 'changed'>, string>> = {
  unknown: 'nobody has this address',
  full: 'their space is full',
  gone: 'the account is gone',
  later: 'cannot be reached now',
};

/** Names each reader who stands in the way, and why. Undefined: it is another error. */
export function explainRefusedRecipients(error: unknown): Explanation | undefined {
  const explanation = mailExplanations['recipients_refused'];
  if (!isRefusal(error) || explanation === undefined) return undefined;
  const [exit, , advice] = explanation;
  return [exit, `Nothing was sent. ${error.recipients.map(describe).join('; ')}`, advice];
}

function describe({ address, outcome, reason }: RefusedRecipient): string {
  if (outcome !== 'changed') return `${address}: ${words[outcome]}`;
  return reason === undefined
    ? `${address}: other keys than you know`
    : `${address}: keys refused, ${changedWords(reason)} (${reason})`;
}

/** By its code and not by its class: `latchkey seal` starts without the code of mail. */
function isRefusal(error: unknown): error is Error & { readonly recipients: readonly RefusedRecipient[] } {
  return error instanceof Error && 'code' in error && error.code === 'recipients_refused' && 'recipients' in error;
}
