/** An account with mail of every kind, on a server of its own, and what its owner must get back. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { mark, read, receive, send, type Draft } from '../../packages/sdk/src/mail/index.ts';
import { attached, attachedBytes, draft, type MemoryAttachment } from '../../packages/sdk/test/mail-people.ts';
import { startTestServer } from '../../apps/server/src/testing/index.ts';
import { newPerson } from '../attacks/people.ts';
import { sha256, type Recovered } from './out-folder.ts';

const program = join(import.meta.dirname, '../../apps/server/bin/latchkey-server');

export type Expected = Omit<Recovered, 'place'>;

interface Attached extends MemoryAttachment {
  /** Where the name is not one that a file may have, or is taken. */
  readonly savedAs?: string;
}

interface FileDraft extends Draft {
  readonly attachments: readonly Attached[];
}

export interface FullAccount {
  readonly aliceWords: readonly string[];
  readonly bobWords: readonly string[];
  readonly messages: readonly Expected[];
}

/** Writes the handover of alice@localhost to `out`, with the operator's command. */
export async function handOverFullAccount(data: string, out: string): Promise<FullAccount> {
  const server = await startTestServer({ data });
  try {
    const [alice, bob, carol] = [
      await newPerson(server, 'alice'),
      await newPerson(server, 'bob'),
      await newPerson(server, 'carol'),
    ];
    const messages: Expected[] = [];
    const expect = (from: string, sent: FileDraft): void => {
      const attachments = sent.attachments.map(({ name, savedAs = name, bytes }) => ({
        name: savedAs,
        sha256: sha256(bytes),
      }));
      const { to, cc, subject, text } = sent;
      messages.push({
        from: `${from}@localhost`,
        to: to.join(', '),
        cc: cc.join(', '),
        subject,
        text: `${text}\n`,
        attachments: attachments.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      });
    };
    const received = async (): Promise<string> => {
      const { arrived } = await receive(alice.client);
      return arrived[0]?.id ?? '';
    };

    const plain = withFiles({ to: ['alice@localhost'], subject: 'Grüße', text: 'Wie geht’s?' }, []);
    await send(bob.client, plain);
    expect('bob', plain);
    await mark(alice.client, [await received()], { folder: 'trash' });

    const report = { ...attached('übersicht "1".pdf', 70_000), savedAs: 'übersicht _1_.pdf' };
    const one = withFiles({ to: ['alice@localhost'], subject: 'One', text: 'One file' }, [report]);
    await send(bob.client, one);
    expect('bob', one);
    const forward = await received();

    const between = { to: ['carol@localhost'], bcc: ['alice@localhost'], subject: 'Between us', text: 'Three files' };
    const blind = withFiles(between, [
      attached('large.bin', 9_000_000),
      attached('empty', 0),
      attached('small.txt', 12),
    ]);
    await send(bob.client, blind);
    expect('bob', blind);
    await received();

    const copied = withFiles({ to: ['bob@localhost'], cc: ['alice@localhost'], subject: 'To know', text: 'Seen?' }, []);
    await send(carol.client, copied);
    expect('carol', copied);
    await received();

    // Files that look like something else, and names that are taken or are none.
    const sent = withFiles({ to: ['bob@localhost'], bcc: ['carol@localhost'], subject: 'Sent', text: 'What I sent' }, [
      fileOf('..', '{"kind":"key-list","v":1,"attachments":[]}', '_.'),
      fileOf('same.txt', 'Date: one', 'same.txt'),
      fileOf('same.txt', 'the other', '2 same.txt'),
    ]);
    await send(alice.client, sent);
    expect('alice', sent);

    const twice = {
      to: ['bob@localhost'],
      bcc: ['alice@localhost'],
      subject: 'Twice',
      text: 'As sent and as received',
    };
    const toMyself = withFiles(twice, [attached('twice', 5_000)]);
    await send(alice.client, toMyself);
    await received();
    expect('alice', toMyself);
    expect('alice', toMyself);

    const passedOn = { to: ['bob@localhost'], subject: 'Fwd: One', text: 'See below' };
    await send(alice.client, draft({ ...passedOn, forward }));
    const { mime } = await read(alice.client, forward);
    expect('alice', withFiles(passedOn, [fileOf('message.eml', Buffer.from(mime).toString(), 'message.eml'), report]));

    // Nobody fetched these.
    const files = [attached('a.bin', 100_000), attached('b.bin', 3)];
    const waiting = withFiles({ to: ['alice@localhost'], subject: 'Waiting', text: 'Not fetched yet' }, files);
    await send(bob.client, waiting);
    expect('bob', waiting);
    const short = withFiles({ to: ['alice@localhost'], subject: 'Waiting too', text: 'Nor this' }, []);
    await send(carol.client, short);
    expect('carol', short);

    execFileSync(program, ['handover', 'alice@localhost', '--data', data, '--out', out]);
    return { aliceWords: alice.kit.words, bobWords: bob.kit.words, messages };
  } finally {
    await server.stop();
  }
}

function withFiles(changes: Partial<Draft>, attachments: readonly Attached[]): FileDraft {
  return { ...draft(changes), attachments };
}

function fileOf(name: string, text: string, savedAs: string): Attached {
  const bytes = new Uint8Array(Buffer.from(text));
  return { ...attachedBytes(name, bytes), bytes, savedAs };
}
