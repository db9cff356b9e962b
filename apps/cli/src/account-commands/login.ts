import { logIn, type LogInRequest } from '@latchkey/sdk/client';
import { deviceName } from '../device-name.ts';
import { usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { readPassword } from '../password.ts';
import { quoted } from '../quoted.ts';
import { readSmallFile } from '../read-small-file.ts';
import { withHost } from '../with-account.ts';
import { readSheet } from './read-sheet.ts';

/** Card and password, or kit → session, vault → what is there. */
export async function login(invocation: Invocation): Promise<void> {
  const { report, operand: address = '' } = invocation;
  const origin = invocation.value('server');
  const cardFile = invocation.value('card');
  const kitFile = invocation.value('kit');
  if ((cardFile === undefined) === (kitFile === undefined)) {
    throw usageError(
      'Signing in needs the sign-in card and the password, or the recovery kit',
      'Give the card with --card FILE, or the kit with --kit FILE',
    );
  }
  await withHost(async (host) => {
    const proof = cardFile === undefined ? await kitProof(kitFile ?? '-') : await cardProof(invocation, cardFile);
    const client = await logIn(host, {
      address,
      deviceName: deviceName(invocation),
      with: proof,
      ...(origin === undefined ? {} : { origin }),
    });
    report.answer({
      facts: { command: 'login', address: client.address, server: client.wire.origin },
      text: `Signed in as ${client.address}.\n`,
    });
  });
}

async function cardProof(invocation: Invocation, file: string): Promise<LogInRequest['with']> {
  const card = readSheet(await readSmallFile(file, `sign-in card ${quoted(file)}`));
  return { card, password: await readPassword(invocation) };
}

async function kitProof(file: string): Promise<LogInRequest['with']> {
  return { kit: readSheet(await readSmallFile(file, `recovery kit ${quoted(file)}`)) };
}
