import { cardPage, cardText, resetWithKit, SdkError, type ResetOutcome } from '@latchkey/sdk/client';
import { readSheet } from '../account-commands/read-sheet.ts';
import { deviceName } from '../device-name.ts';
import { usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { refuseExistingSheet, writeNewSecretFile } from '../new-secret-file.ts';
import { readNewPassword } from '../password.ts';
import { quoted } from '../quoted.ts';
import { readSmallFile } from '../read-small-file.ts';
import { askYes } from '../terminal/ask-yes.ts';
import { formatInstant } from '../terminal/format-time.ts';
import { withHost } from '../with-account.ts';

/** The kit → new keys are announced; the same again when their hold is over → a new account, and its card. */
export async function reset(invocation: Invocation, address: string | undefined): Promise<void> {
  const kitFile = invocation.value('kit');
  const cardOut = invocation.value('card-out');
  const origin = invocation.value('server');
  if (address === undefined || kitFile === undefined) {
    throw usageError('A reset needs the address and the recovery kit', 'latchkey keys reset ADDRESS --kit FILE');
  }
  refuseExistingSheet(cardOut);
  const kit = readSheet(await readSmallFile(kitFile, `recovery kit ${quoted(kitFile)}`));
  await withHost(async (host) => {
    const outcome = await resetWithKit(host, {
      address,
      kit,
      deviceName: deviceName(invocation),
      password: () => readNewPassword(invocation),
      withoutVault: invocation.has('without-vault'),
      async accept({ holdHours }) {
        const yes = await askYes(acceptWords(address, holdHours));
        if (yes === false) throw new SdkError('stopped', 'nothing was announced');
      },
      ...(origin === undefined ? {} : { origin }),
    });
    if (outcome.outcome === 'announced') announced(invocation, outcome);
    else await begun(invocation, outcome, cardOut);
  });
}

function acceptWords(address: string, holdHours: number): string {
  return [
    `New keys for ${address}: each contact takes them ${holdHours} hours after seeing them.`,
    'Until then mail goes to the old keys, and whoever has those may veto.',
    'The account begins empty: what it holds now opens only with what you have lost. Announce them?',
  ].join(' ');
}

function announced({ report }: Invocation, reset: Extract<ResetOutcome, { outcome: 'announced' }>): void {
  const { address, version, countsSeconds } = reset;
  const counts = formatInstant(countsSeconds);
  report.answer({
    facts: { command: 'keys', reset: 'announced', address, version, counts },
    text: [
      `Announced: new keys for ${address}, version ${version}.`,
      `They count from ${counts}. Run the same command again then, on this machine: the keys are nowhere else.`,
      'Until then contacts write to the old keys, and their programs tell them of the announcement: tell them that it was you.',
      '',
    ].join('\n'),
  });
}

async function begun(
  { report }: Invocation,
  { client, card }: Extract<ResetOutcome, { outcome: 'done' }>,
  cardOut: string | undefined,
): Promise<void> {
  if (cardOut !== undefined) await writeNewSecretFile(cardOut, cardPage(card), 'a sign-in card');
  report.answer({
    facts: { command: 'keys', reset: 'done', address: client.address, card: cardOut ?? card.text },
    text: [
      `${client.address} is yours again; every other machine was signed out.`,
      '',
      ...(cardOut === undefined ? [cardText(card), ''] : []),
      'The recovery kit stays the one that you have. If somebody else may have a copy of it: latchkey sessions remove --lost',
      '',
    ].join('\n'),
  });
}
