import { changePassword } from '@latchkey/sdk/client';
import type { Invocation } from '../invocation.ts';
import { readNewPassword } from '../password.ts';
import { withAccount } from '../with-account.ts';

export async function password(invocation: Invocation): Promise<void> {
  await withAccount(async (client) => {
    await changePassword(client, await readNewPassword(invocation));
    invocation.report.answer({
      facts: { command: 'password', address: client.address },
      text: 'The password is changed. The sign-in card stays the same.\n',
    });
  });
}
