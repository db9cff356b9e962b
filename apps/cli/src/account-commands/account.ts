import { closeAccount, keepAccount } from '@latchkey/sdk/client';
import type { Invocation } from '../invocation.ts';
import { formatDay } from '../terminal/format-time.ts';
import { withAccount } from '../with-account.ts';

export async function account({ report, operand }: Invocation): Promise<void> {
  await withAccount(async (client) => {
    if (operand === 'keep') {
      await keepAccount(client);
      report.answer({
        facts: { command: 'account', action: 'keep', address: client.address },
        text: `${client.address} stays.\n`,
      });
      return;
    }
    const removedOn = formatDay(await closeAccount(client));
    report.answer({
      facts: { command: 'account', action: 'close', address: client.address, removedOn },
      text: `${client.address} takes no mail any more. Everything is removed on ${removedOn}; until then: latchkey account keep.\n`,
    });
  });
}
