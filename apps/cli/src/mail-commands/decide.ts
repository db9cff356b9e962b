import { decideOnSenders, findMessage, type Decision } from '@latchkey/sdk/mail';
import { CliError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { quoted } from '../quoted.ts';
import { withAccount } from '../with-account.ts';
import { foundId } from './read.ts';

export const accept = (invocation: Invocation): Promise<void> => decide(invocation, 'accepted');
export const decline = (invocation: Invocation): Promise<void> => decide(invocation, 'declined');

async function decide(invocation: Invocation, decision: Decision): Promise<void> {
  const { report, operands } = invocation;
  await withAccount(async (client, signal) => {
    await client.mailbox.catchUp();
    const addresses: string[] = [];
    for (const operand of operands) {
      addresses.push(operand.includes('@') ? operand : await senderOf(operand));
    }
    const decided = await decideOnSenders(client, addresses, decision);
    report.answer({
      facts: { command: decision === 'accepted' ? 'accept' : 'decline', senders: decided },
      text: decided.map(({ address }) => `${address}: ${words[decision]}\n`).join(''),
    });

    async function senderOf(id: string): Promise<string> {
      const { summary, verdict } = await findMessage(client, await foundId(client, id, signal));
      if (verdict.signature === 'valid') return summary.from;
      throw new CliError('sender_unverified', 'damaged', {
        message: `Who wrote ${quoted(id)} is not proved`,
        advice:
          'Anybody can write a name. Give the address itself if you know it, or move the message with latchkey mark',
      });
    }
  });
}

const words: Readonly<Record<Decision, string>> = {
  accepted: 'comes to the inbox. Nobody was told',
  declined: 'is put aside, with all that comes later: latchkey inbox --folder declined. Nobody was told',
  undecided: 'as before',
};
