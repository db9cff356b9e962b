import { announcedReset, SdkError, vetoReset, type AnnouncedReset } from '@latchkey/sdk/client';
import type { Invocation } from '../invocation.ts';
import { askYes } from '../terminal/ask-yes.ts';
import { withAccount } from '../with-account.ts';

/** What was announced → are you sure → the veto, until the key log proves it. */
export async function veto({ report }: Invocation): Promise<void> {
  await withAccount(async (client) => {
    const announced = await announcedReset(client);
    if (announced !== null && !announced.overrides) {
      const yes = await askYes(`${announcedWords(announced)} Was it not you, and shall it never count?`);
      if (yes === false) throw new SdkError('stopped', 'nothing was vetoed');
    }
    const { version, identity } = await vetoReset(client);
    report.answer({
      facts: { command: 'keys', vetoed: { version, identity: Buffer.from(identity).toString('hex') } },
      text: [
        `Vetoed: the keys that were announced as version ${version} never count. Yours go on.`,
        'Whoever announced them has a recovery kit of yours. Make everything new now: latchkey sessions remove --lost',
        '',
      ].join('\n'),
    });
  });
}

function announcedWords({ version, identity, holdSeconds }: AnnouncedReset): string {
  const hours = Math.round(holdSeconds / 3_600);
  const key = Buffer.from(identity).toString('hex').slice(0, 16);
  return `Somebody with a recovery kit of this account has announced other keys (version ${version}, ${key}…). Each of your contacts takes them ${hours} hours after first seeing them.`;
}
