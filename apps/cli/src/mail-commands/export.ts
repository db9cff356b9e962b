import { fileSink } from '@latchkey/host-node';
import { exportAge, exportEml } from '@latchkey/sdk/mail';
import { usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { watchTransfer } from '../terminal/watch-transfer.ts';
import { withAccount } from '../with-account.ts';
import { foundId } from './read.ts';

export async function exportMessage(invocation: Invocation): Promise<void> {
  const { report, operand: wanted = '' } = invocation;
  const eml = invocation.value('eml');
  const age = invocation.value('age');
  const path = eml ?? age;
  if (path === undefined || (eml !== undefined && age !== undefined)) {
    throw usageError('Say in which form', 'Give --eml FILE or --age FILE');
  }
  await withAccount(async (client, signal) => {
    const id = await foundId(client, wanted, signal);
    const bar = watchTransfer(report, { outputOnTerminal: path === '-' && process.stdout.isTTY });
    try {
      const sink = await fileSink(path, { replace: invocation.has('force') });
      await (eml === undefined ? exportAge : exportEml)(client, id, { sink, signal, onProgress: bar.show });
    } finally {
      bar.end();
    }
    report.answer({
      facts: { command: 'export', id, form: eml === undefined ? 'age' : 'eml', output: path === '-' ? null : path },
      outputCarriesData: path === '-',
    });
  });
}
