import { contactCard } from '@latchkey/sdk/client';
import type { Invocation } from '../invocation.ts';
import { writeNewSecretFile } from '../new-secret-file.ts';
import { withAccount } from '../with-account.ts';

/** One's own keys for others to take: as a file, a line, or a code to photograph. */
export async function card(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  const path = invocation.value('output');
  await withAccount(async (client) => {
    const { address, identity, file, line, qr } = await contactCard(client);
    if (path !== undefined) await writeNewSecretFile(path, Buffer.from(file).toString('utf8'), 'a contact card');
    const told =
      path === undefined
        ? []
        : [`Your contact card is in ${path}. It holds no secret: give it to whoever writes to you.`, ''];
    const code = invocation.has('qr') ? [qr, ''] : [];
    report.answer({
      facts: { command: 'keys', address, identity: Buffer.from(identity).toString('hex'), line, card: path ?? null },
      text: [...told, ...code, line, ''].join('\n'),
    });
  });
}
