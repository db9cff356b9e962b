import { logIn, type LogInRequest, type VaultState } from '@latchkey/sdk/client';
import { deviceName } from '../device-name.ts';
import { usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { readPassword } from '../password.ts';
import { quoted } from '../quoted.ts';
import { readSmallFile } from '../read-small-file.ts';
import { askYes } from '../terminal/ask-yes.ts';
import { formatHour } from '../terminal/format-time.ts';
import { printable } from '../terminal/printable.ts';
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
    const states: VaultState[] = [];
    const client = await logIn(host, {
      address,
      deviceName: deviceName(invocation),
      with: proof,
      async acceptState(shown) {
        states.push(shown);
        const yes = await askYes(`${stateWords(shown)} Do you know of nothing newer?`);
        return yes ?? true;
      },
      ...(origin === undefined ? {} : { origin }),
    });
    report.answer({
      facts: { command: 'login', address: client.address, server: client.wire.origin, ...states.map(stateFacts)[0] },
      text: `${states.map((state) => `${stateWords(state)}\n`).join('')}Signed in as ${client.address}.\n`,
    });
  });
}

/** A server can show a new machine an old account, and only its owner can tell. */
function stateWords({ deviceName, changes, hour }: VaultState): string {
  const device = deviceName === null ? 'a machine that has signed out' : printable(deviceName);
  return `The newest that the server shows of this account: ${changes} changes, noted by ${device}, ${formatHour(hour)}.`;
}

function stateFacts({ deviceName, changes, hour }: VaultState): Readonly<Record<string, unknown>> {
  return { newest: { changes, device: deviceName, hour: formatHour(hour) } };
}

async function cardProof(invocation: Invocation, file: string): Promise<LogInRequest['with']> {
  const card = readSheet(await readSmallFile(file, `sign-in card ${quoted(file)}`));
  return { card, password: await readPassword(invocation) };
}

async function kitProof(file: string): Promise<LogInRequest['with']> {
  return { kit: readSheet(await readSmallFile(file, `recovery kit ${quoted(file)}`)) };
}
