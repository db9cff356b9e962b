import { cardPage, cardText, kitPage, kitSaved, kitText, register as makeAccount } from '@latchkey/sdk/client';
import { deviceName } from '../device-name.ts';
import type { Invocation } from '../invocation.ts';
import { refuseExistingSheet, writeNewSecretFile } from '../new-secret-file.ts';
import { readNewPassword } from '../password.ts';
import { withHost } from '../with-account.ts';

/** Password → account → the two sheets. */
export async function register(invocation: Invocation): Promise<void> {
  const { report, operand: address = '' } = invocation;
  const origin = invocation.value('server');
  const invitation = invocation.value('invite');
  const kitOut = invocation.value('kit-out');
  const cardOut = invocation.value('card-out');

  await withHost(async (host) => {
    const goesOn = (await host.profile.read('pending')) !== null;
    if (!goesOn) for (const path of [kitOut, cardOut]) refuseExistingSheet(path);
    const password = await readNewPassword(invocation);
    const { client, card, kit } = await makeAccount(host, {
      address,
      password,
      deviceName: deviceName(invocation),
      ...(origin === undefined ? {} : { origin }),
      ...(invitation === undefined ? {} : { invitation }),
      reissued: invocation.has('reissued'),
    });
    if (kitOut !== undefined) await writeNewSecretFile(kitOut, kitPage(kit), 'a recovery kit');
    if (cardOut !== undefined) await writeNewSecretFile(cardOut, cardPage(card), 'a sign-in card');
    const shown = [...(kitOut === undefined ? [kitText(kit)] : []), ...(cardOut === undefined ? [cardText(card)] : [])];
    report.answer({
      facts: {
        command: 'register',
        address: client.address,
        server: client.wire.origin,
        kit: kitOut ?? kit.words,
        card: cardOut ?? card.text,
      },
      text: [
        `${client.address} is yours.`,
        '',
        ...shown.flatMap((sheet) => [sheet, '']),
        'Print the recovery kit and put it into a safe. Without it, a forgotten password means that all mail is lost:',
        'nobody else can open it, the operator neither.',
        '',
      ].join('\n'),
    });
    // Only now: until it was written or shown, the same command shows it again.
    await kitSaved(host);
  });
}
