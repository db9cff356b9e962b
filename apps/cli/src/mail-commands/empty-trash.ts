import { emptyTrash as emptyTrashOf, list } from '@latchkey/sdk/mail';
import { usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { askYes } from '../terminal/ask-yes.ts';
import { withAccount } from '../with-account.ts';
import { foundId } from './read.ts';

/** Asks once, and only a person: a script says --yes. */
export async function emptyTrash(invocation: Invocation): Promise<void> {
  const { report, operands } = invocation;
  await withAccount(async (client, signal) => {
    await client.mailbox.catchUp();
    const ids: string[] = [];
    for (const operand of operands) ids.push(await foundId(client, operand, signal));
    const count = ids.length > 0 ? ids.length : (await list(client, { folder: 'trash' })).length;
    if (count > 0 && !invocation.has('yes')) {
      const yes = await askYes(
        `Delete ${counted(count)} for good? Nothing brings ${count === 1 ? 'it' : 'them'} back.`,
      );
      if (yes === null) throw usageError('Nobody is there to be asked', 'Say --yes');
      if (!yes) return;
    }
    const { deleted, freedBytes, left } = await emptyTrashOf(client, ids.length > 0 ? ids : undefined);
    if (left > 0) {
      report.warn('record_newer', `A newer version of Latchkey filed ${counted(left)}: delete them with it`);
    }
    report.answer({
      facts: { command: 'empty-trash', deleted, freedBytes },
      text:
        deleted.length === 0
          ? 'The trash is empty.\n'
          : `Deleted for good: ${counted(deleted.length)}, ${Math.ceil(freedBytes / 1_024)} KiB at the server.\n`,
    });
  });
}

function counted(messages: number): string {
  return `${messages} ${messages === 1 ? 'message' : 'messages'}`;
}
