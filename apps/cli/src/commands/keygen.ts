import { openHost } from '@latchkey/host-node';
import { makeIdentity, recipientOf } from '@latchkey/sdk/by-hand';
import { usageError } from '../errors.ts';
import { readIdentities } from '../identities.ts';
import type { Invocation } from '../invocation.ts';
import { writeNewSecretFile } from '../new-secret-file.ts';

/** Make → write to a file of its own → print the recipient. Or: print the recipients of identities that exist. */
export async function keygen(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  const output = invocation.value('output') ?? '-';
  const existing = invocation.value('recipient-of');
  if (existing !== undefined && invocation.has('output')) {
    throw usageError('-y makes no identity, so there is none to write', 'Leave -o out, or redirect the output');
  }
  const host = await openHost();
  try {
    if (existing !== undefined) {
      const recipients: string[] = [];
      for (const identity of await readIdentities(existing)) recipients.push(await recipientOf(host, identity));
      report.answer({ facts: { command: 'keygen', recipients }, text: `${recipients.join('\n')}\n` });
      return;
    }
    const { identity, recipient } = await makeIdentity(host);
    const text = `# created: ${new Date().toISOString().slice(0, 19)}Z\n# public key: ${recipient}\n${identity}\n`;
    if (output === '-') {
      report.say(text);
      report.note(`The recipient is ${recipient}`);
      report.answer({ facts: { command: 'keygen', output: null, recipient }, outputCarriesData: true });
    } else {
      await writeNewSecretFile(output, text, 'an identity');
      report.answer({ facts: { command: 'keygen', output, recipient }, text: `${recipient}\n` });
    }
  } finally {
    await host.close();
  }
}
