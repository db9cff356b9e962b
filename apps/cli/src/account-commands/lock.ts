import { lock as lockAccount } from '@latchkey/sdk/client';
import type { Invocation } from '../invocation.ts';
import { withHost } from '../with-account.ts';

export async function lock({ report }: Invocation): Promise<void> {
  await withHost(async (host) => {
    await lockAccount(host);
    report.answer({ facts: { command: 'lock' }, text: 'Locked. The password opens it: latchkey unlock.\n' });
  });
}
