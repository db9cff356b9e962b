/** Rule 7 beside every command: the own history, and some of the key log where no outside auditor reads it. */
import { KeyLogError, keyTail, SdkError, type Client } from '@latchkey/sdk/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from './errors.ts';
import { explainOwnHistory } from './explain-own-history.ts';

/** No command waits longer for it: what is left is read by the next ones. */
const budgetMs = 2_000;
/** One check in a minute is enough for a script that calls many commands. */
const notWithinSeconds = 60;

/**
 * After a command has done and told what it was asked. A line that fails is no news here: the next command reads on.
 *
 * @throws CliError `key_log_refused`: what the server signed does not fit the own vault, or itself
 */
export async function checkKeys(client: Client, signal: AbortSignal): Promise<void> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(budgetMs)]);
  const checked = keyTail(client)
    .check({ effort: 'brief', notWithinSeconds, signal: over })
    .then(() => null, finding);
  // A server may take its time with an answer: whoever typed the command does not.
  const found = await Promise.race([checked, sleep(budgetMs, null, { ref: false })]);
  if (found !== null) throw found;
}

/** Null for what may be a broken line. */
export function finding(error: unknown): Error | null {
  if (!isDistrust(error)) return null;
  // What is about the own address has a sentence and an advice of its own.
  if (explainOwnHistory(error) !== undefined) return error;
  return new CliError('key_log_refused', 'distrust', {
    message: `Done; but ${error.message}`,
    advice: "See what was kept with 'latchkey keys evidence', and ask the operator in another way",
  });
}

function isDistrust(error: unknown): error is SdkError {
  if (error instanceof KeyLogError) return true;
  return error instanceof SdkError && error.code === 'statement_unverified';
}
