/** A process that is gone at any call: another one goes on, nobody gets a message twice, and nothing is left behind. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { chosenCuts } from '../../test/chosen-cuts.ts';
import {
  attached,
  cutLine,
  draft,
  kept,
  Killed,
  mailPerson,
  memorySink,
  type CutLine,
  type MailPerson,
  type MemoryAttachment,
} from '../../test/mail-people.ts';
import { list, receive, resumeOutbox, saveAttachments, send, type Draft } from './index.ts';

let server: TestServer;
let alice: MailPerson;
let bob: MailPerson;
let carol: MailPerson;

before(async () => {
  server = await startTestServer();
  const people = await Promise.all(['alice', 'bob', 'carol'].map((name) => mailPerson(server, name)));
  [alice, bob, carol] = people as [MailPerson, MailPerson, MailPerson];
});
after(() => server.stop());

interface Run {
  readonly line: CutLine;
  readonly files: readonly MemoryAttachment[];
  readonly people: readonly MailPerson[];
}

/** One send that is cut, then another process of the device that goes on. @returns the calls that were made */
async function cutAndResume(message: Draft, { line, files, people }: Run): Promise<readonly string[]> {
  const holdsBefore = (await kept(server, 'alice@localhost')).holds;
  const sentBefore = (await list(alice.client, { folder: 'sent' })).length;
  let wasKilled = false;
  try {
    await send(await alice.again(line.between), message);
  } catch (error) {
    assert.ok(error instanceof Killed, String(error));
    wasKilled = true;
  }
  const next = await alice.again();
  const results = await resumeOutbox(next, {
    sourceFor: async ({ name }) => files.find((file) => file.name === name) ?? null,
  });
  const isSent = !wasKilled || results.some(({ outcome }) => outcome === 'sent');
  assert.deepEqual(
    results.filter(({ outcome }) => outcome !== 'sent'),
    [],
  );
  assert.deepEqual(await resumeOutbox(next), []);

  for (const person of people) {
    const { arrived } = await receive(person.client);
    const inThisRun = arrived.filter(({ summary }) => summary.subject === message.subject);
    if (isSent) assert.equal(inThisRun.length, 1, `${line.calls.at(-1)}: ${inThisRun.length} arrivals`);
    else assert.ok(inThisRun.length <= 1);
    // Sent but forgotten: the cut fell behind the last thing that had to be done.
    if (!isSent && inThisRun.length === 1) assert.equal(line.calls.at(-1), '/v1/spaces/write');
    for (const row of inThisRun) assert.deepEqual([row.verified, row.missingBefore], [true, 0]);
    if (inThisRun[0] !== undefined && files.length > 0) await requireFiles(person, inThisRun[0].id, files);
  }
  await alice.client.mailbox.catchUp();
  const sentNow = (await list(alice.client, { folder: 'sent' })).length - sentBefore;
  const { holds, uploads } = await kept(server, 'alice@localhost');
  const holdsPerCopy = files.length === 0 ? 1 : 2 + files.length;
  assert.equal(holds - holdsBefore, sentNow * holdsPerCopy, `${line.calls.at(-1)}: holds are left behind`);
  assert.equal(uploads, 0);
  return line.calls;
}

async function requireFiles(person: MailPerson, id: string, files: readonly MemoryAttachment[]): Promise<void> {
  const sinks = files.map(() => memorySink());
  await saveAttachments(person.client, id, { sinkFor: async (_file, index) => sinks[index] ?? null });
  for (const [index, { bytes }] of files.entries()) assert.deepEqual(sinks[index]?.bytes, bytes);
}

/** Paths of the calls of a send that nothing cuts. */
async function callsOf(message: Draft, run: Omit<Run, 'line'>): Promise<readonly string[]> {
  return cutAndResume(message, { ...run, line: cutLine(Number.MAX_SAFE_INTEGER, 'before') });
}

test('a small message is sent once, whichever call is cut before or after the server heard it', async () => {
  const small = (subject: string): Draft =>
    draft({ to: ['bob@localhost'], bcc: ['carol@localhost'], subject, text: 'Once.' });
  const run = { files: [], people: [bob, carol] };
  const calls = await callsOf(small('small'), run);
  assert.ok(calls.length > 8);
  for (const at of chosenCuts(calls)) {
    for (const cut of ['before', 'after'] as const) {
      await cutAndResume(small(`small ${cut} ${at}`), { ...run, line: cutLine(at, cut) });
    }
  }
});

// That a process is gone before a call is, for everybody else, as if it had been gone after the one before.
test('a message with a large and a small file is sent once, whichever call was the last', async () => {
  const files = [attached('large.bin', 8_500_000), attached('small.bin', 1_000)];
  const large = (subject: string): Draft => draft({ to: ['bob@localhost'], subject, attachments: files });
  const run = { files, people: [bob] };
  const calls = await callsOf(large('files'), run);
  assert.ok(calls.length > 20);
  for (const at of chosenCuts(calls)) {
    await cutAndResume(large(`files ${at}`), { ...run, line: cutLine(at, 'after') });
  }
});
