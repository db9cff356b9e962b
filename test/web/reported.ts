/** A reader who shows one message to the operator: what is said before, and what the operator gets. */
import assert from 'node:assert/strict';
import { abuseIdentity, abuseRecipient } from '../../apps/web/test/screens/abuse-recipient.ts';
import type { AppSite } from '../../apps/web/test/screens/app-site.ts';
import { eventually, type Person } from '../../apps/web/test/screens/person.ts';
import { open, parseIdentity } from '../../packages/crypto/src/index.ts';
import { nodeEngine } from '../../packages/crypto/src/engine-node/index.ts';

export interface ReportedMessage {
  /** Stands in this message. */
  readonly marker: string;
  /** Stand in other ones. */
  readonly others: readonly string[];
}

/** Bob has a message of mallory open. */
export async function reported(bob: Person, { services }: AppSite['server'], message: ReportedMessage): Promise<void> {
  const stored = () => services.store.db.selectFrom('report').select('sealed').execute();
  const opened = async (): Promise<void> => {
    await bob.press('More');
    await bob.press('Report to the operator');
  };
  await opened();
  await bob.see('The operator of this server takes no reports.');
  await bob.press('Cancel');
  await bob.miss('The operator of this server takes no reports.');

  Object.assign(services.config, { abuseRecipient });
  await opened();
  await bob.see('What they will see');
  await bob.see('mallory@localhost');
  await bob.see('all of it, ');
  await bob.press('Cancel');
  await bob.miss('What they will see');
  assert.deepEqual(await stored(), []);

  await opened();
  await bob.press('Threat');
  await bob.fill('In your own words (optional)', 'Who is this?');
  await bob.press('Show it to the operator');
  await bob.see('Reported.');
  await bob.miss('What they will see');
  await eventually(async () => (await stored()).length, 1);
  const [report] = await stored();
  const text = await textOf(report?.sealed ?? new Uint8Array());
  assert.match(text, /^Latchkey-Report: v1\r\nLatchkey-Reason: threat\r\nLatchkey-Words: Who%20is%20this%3F\r\n/);
  assert.ok(text.includes(`Subject: ${message.marker}`), 'the message itself');
  const strange = message.others.filter((other) => other !== message.marker && text.includes(`Subject: ${other}`));
  assert.deepEqual(strange, [], 'no other message');
}

async function textOf(sealed: Uint8Array): Promise<string> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield sealed;
  }
  const opened = await open(nodeEngine, { source: source(), identities: [parseIdentity(abuseIdentity)] });
  assert.ok(opened !== null, 'it is sealed to the key of the operator');
  let text = '';
  for await (const piece of opened.plaintext) text += Buffer.from(piece).toString('latin1');
  return text;
}
