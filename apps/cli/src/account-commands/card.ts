import { cardPage, cardText, signInCard } from '@latchkey/sdk/client';
import type { Invocation } from '../invocation.ts';
import { writeNewSecretFile } from '../new-secret-file.ts';
import { withAccount } from '../with-account.ts';

export async function card(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  const path = invocation.value('card-out');
  await withAccount(async (client) => {
    const sheet = await signInCard(client);
    if (path !== undefined) await writeNewSecretFile(path, cardPage(sheet), 'a sign-in card');
    report.answer({
      facts: { command: 'card', address: client.address, card: path ?? sheet.text },
      text: path === undefined ? `${cardText(sheet)}\n` : `The card is in ${path}; print it.\n`,
    });
  }, offline);
}

const offline = { checksKeys: false } as const;
