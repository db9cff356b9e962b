import { heal as healAccount, pastSetbacks, setbacks, type SpaceSetback } from '@latchkey/sdk/mail';
import { CliError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { askYes } from '../terminal/ask-yes.ts';
import { formatHour } from '../terminal/format-time.ts';
import { withAccount } from '../with-account.ts';

/** What the server has gone back in → the owner's word → what this machine has, given back. */
export async function heal(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  await withAccount(async (client, signal) => {
    const found = await setbacks(client);
    if (found.length === 0) {
      // Of the own keys a server may have lost what nothing else shows.
      const { statements } = await healAccount(client, { signal });
      const past = await pastSetbacks(client);
      const lines = past.map((each) => `Went back, healed on ${formatHour(each.hour)}: ${words(each)}\n`);
      const text = `${given(statements)}The server has everything that this machine has seen.\n${lines.join('')}`;
      report.answer({ facts: { command: 'heal', setbacks: [], past, statements }, text });
      return;
    }
    const question = `${found.map(words).join(' ')} Ask the operator whether a backup was restored. This machine can give back what it has; what it has not stays missing. Go on with the server as it is?`;
    const yes = invocation.has('yes') || (await askYes(question));
    if (yes !== true) {
      throw new CliError('setback_not_accepted', 'distrust', {
        message: found.map(words).join(' ').replace(/\.$/, ''),
        advice: 'Ask the operator; then latchkey heal --yes gives back what this machine has',
      });
    }
    const { offered, left, statements } = await healAccount(client, { signal });
    const more = left === 0 ? '' : ` ${left} were made by a newer version: run its latchkey heal.`;
    report.answer({
      facts: { command: 'heal', setbacks: found, offered, left, statements },
      text: `${given(statements)}${offered} records given back.${more} Mail that only the server had is gone: ask those who wrote it to send it again.\n`,
    });
  });
}

function given(statements: number): string {
  return statements === 0 ? '' : `${statements} statements about your keys, which the server had lost, given back.\n`;
}

function words({ space, seen, shown, shownHour }: SpaceSetback): string {
  const what = space === 'vault' ? 'keys and contacts' : 'mail';
  const since = shownHour === null ? 'to the beginning' : `to ${formatHour(shownHour)}`;
  const missing =
    seen > shown ? `${seen - shown} changes after it are missing` : 'what came after it is another history';
  return `The server went back ${since} in your ${what}: ${missing}.`;
}
