import { logOut } from '@latchkey/sdk/client';
import type { Invocation } from '../invocation.ts';
import { withHost } from '../with-account.ts';

export async function logout({ report }: Invocation): Promise<void> {
  await withHost(async (host) => {
    await logOut(host);
    report.answer({
      facts: { command: 'logout' },
      text: 'Signed out. Nothing of the account is left on this machine.\n',
    });
  });
}
