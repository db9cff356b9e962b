import {
  cardPage,
  cardText,
  isLockOutUnfinished,
  kitPage,
  kitSaved,
  kitText,
  lockOut,
  openClient,
  SdkError,
  type Client,
  type DeviceSession,
} from '@latchkey/sdk/client';
import type { Invocation } from '../invocation.ts';
import { refuseExistingSheet, writeNewSecretFile } from '../new-secret-file.ts';
import { readNewPassword } from '../password.ts';
import { withHost } from '../with-account.ts';

/** `sessions remove NAME --lost`: everything new → the two sheets. Without NAME it is the kit or the card that is lost. */
export async function lockOutSession(
  invocation: Invocation,
  find: ((client: Client) => Promise<DeviceSession>) | null,
): Promise<void> {
  const { report } = invocation;
  const kitOut = invocation.value('kit-out');
  const cardOut = invocation.value('card-out');

  await withHost(async (host) => {
    const goesOn = await isLockOutUnfinished(host);
    if (!goesOn) for (const path of [kitOut, cardOut]) refuseExistingSheet(path);
    // What was begun goes on: the lost session has ended long since.
    if (find !== null && !goesOn) {
      const { current } = await find(await openClient(host));
      if (current) throw new SdkError('session_current', 'this is the session of this device: log out');
    }
    const { client, card, kit } = await lockOut(host, { password: await readNewPassword(invocation) });
    if (kitOut !== undefined) await writeNewSecretFile(kitOut, kitPage(kit), 'a recovery kit');
    if (cardOut !== undefined) await writeNewSecretFile(cardOut, cardPage(card), 'a sign-in card');
    const shown = [...(kitOut === undefined ? [kitText(kit)] : []), ...(cardOut === undefined ? [cardText(card)] : [])];
    report.answer({
      facts: {
        command: 'sessions',
        lockedOut: true,
        address: client.address,
        kit: kitOut ?? kit.words,
        card: cardOut ?? card.text,
      },
      text: [
        'Locked out. All keys are new; every other machine was signed out.',
        '',
        ...shown.flatMap((sheet) => [sheet, '']),
        'Print both sheets and destroy the old ones: they open nothing any more.',
        'On your other machines: latchkey logout, then latchkey login with the new card.',
        'What was on the lost machine can still be read there, and with it and a copy of the server mail from before today.',
        '',
      ].join('\n'),
    });
    await kitSaved(host);
  });
}
