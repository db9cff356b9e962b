import { unlock as unlockAccount } from '@latchkey/sdk/client';
import type { Invocation } from '../invocation.ts';
import { readPassword } from '../password.ts';
import { withHost } from '../with-account.ts';

export async function unlock(invocation: Invocation): Promise<void> {
  await withHost(async (host) => {
    const client = await unlockAccount(host, await readPassword(invocation));
    invocation.report.answer({
      facts: { command: 'unlock', address: client.address },
      text: `${client.address} is unlocked.\n`,
    });
  });
}
