import { constants } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { openHost } from '@latchkey/host-node';
import { makeIdentity, recipientOf } from '@latchkey/sdk/by-hand';
import { CliError, usageError } from '../errors.ts';
import { readIdentities } from '../identities.ts';
import type { Invocation } from '../invocation.ts';
import { quoted } from '../quoted.ts';

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
      await writeNewSecretFile(output, text);
      report.answer({ facts: { command: 'keygen', output, recipient }, text: `${recipient}\n` });
    }
  } finally {
    await host.close();
  }
}

/** Readable by the owner alone from the first moment, never in the place of another file, and on the disk when done. */
async function writeNewSecretFile(path: string, text: string): Promise<void> {
  const file = await open(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  ).catch((cause: unknown) => {
    throw refusalFor(path, cause);
  });
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (cause) {
    await unlink(path).catch(() => undefined);
    throw refusalFor(path, cause);
  } finally {
    await file.close();
  }
}

function refusalFor(path: string, cause: unknown): CliError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code === 'EEXIST'
    ? new CliError('output_exists', 'input_output', {
        message: `${quoted(path)} exists, and an identity is never replaced`,
        advice: 'Choose another name; what is sealed to a lost identity stays sealed',
      })
    : new CliError('file_not_writable', 'input_output', {
        message: `${quoted(path)} cannot be written (${code})`,
        advice: 'Check the folder and its permissions',
      });
}
