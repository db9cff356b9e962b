/** Processes that are killed, and servers that stop and come back. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { limits, ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { fileAttachment } from '../../test/file-attachment.ts';
import { folderProfile } from '../../test/folder-profile.ts';
import {
  attached,
  changedWire,
  draft,
  kept,
  mailPerson,
  memorySink,
  sha256,
  type MailPerson,
} from '../../test/mail-people.ts';
import { testHost } from '../../test/test-host.ts';
import { openClient, register } from '../client/index.ts';
import { SdkError } from '../errors.ts';
import {
  listOutbox,
  receive,
  resumeOutbox,
  saveAttachments,
  send,
  takeBack,
  waitForMail,
  wasSent,
  watch,
  type MessageRow,
} from './index.ts';

let data: string;
let server: TestServer;
let alice: MailPerson;
let bob: MailPerson;

before(async () => {
  data = mkdtempSync(join(tmpdir(), 'latchkey-mail-'));
  server = await startTestServer({ data: join(data, 'server') });
  [alice, bob] = (await Promise.all(['alice', 'bob'].map((name) => mailPerson(server, name)))) as [
    MailPerson,
    MailPerson,
  ];
});
after(async () => {
  await server.stop();
  rmSync(data, { recursive: true });
});

/** Stops the server and starts it again over its data, where it was. */
async function restart(): Promise<void> {
  const { port } = server;
  await server.stop();
  server = await startTestServer({ data: join(data, 'server'), config: { port } });
  assert.equal(server.port, port);
}

async function savedFile(row: MessageRow | undefined): Promise<Uint8Array> {
  const sink = memorySink();
  await saveAttachments(bob.client, row?.id ?? '', { sinkFor: async () => sink });
  assert.equal(sink.state, 'committed');
  return sink.bytes;
}

test('a file of 40 MiB goes through in parts, and only so much of it is in memory at once', async () => {
  const path = join(data, 'film.bin');
  writeFileSync(path, randomBytes(40 * 1_048_576));
  const file = await fileAttachment(path);
  let [outNow, outMost, largestPut] = [0, 0, 0];
  const counting = await alice.again((wire) =>
    changedWire(wire, {
      put: async (...[route, request, body, options]) => {
        outNow += body.length;
        outMost = Math.max(outMost, outNow);
        largestPut = Math.max(largestPut, body.length);
        try {
          return await wire.put(route, request, body, options);
        } finally {
          outNow -= body.length;
        }
      },
    }),
  );
  const steps = new Map<string, number>();
  await send(counting, draft({ to: ['bob@localhost'], attachments: [file] }), {
    onProgress: ({ step, doneBytes, totalBytes }) => {
      assert.ok(
        doneBytes >= 0 && (totalBytes === null || doneBytes <= totalBytes),
        `${step} ${doneBytes}/${totalBytes}`,
      );
      steps.set(step, totalBytes === null ? 0 : doneBytes / totalBytes);
    },
  });
  assert.deepEqual(
    [...steps],
    [
      ['resolving', 0],
      ['sealing', 1],
      ['uploading', 1],
      ['delivering', 0],
      ['filing', 0],
    ],
  );
  assert.equal(largestPut, limits.PART_BYTES);
  assert.ok(outMost <= 2 * limits.PART_BYTES, `${outMost} bytes were out at once`);

  const [row] = (await receive(bob.client)).arrived;
  let [written, largestWrite] = [0, 0];
  let [askedMost, asked] = [0, 0];
  const reader = await bob.again((wire) =>
    changedWire(wire, {
      read: async (route, request, options) => {
        const { from = 0, to = 0 } = options?.range ?? {};
        asked += to - from;
        askedMost = Math.max(askedMost, to - from);
        return wire.read(route, request, options);
      },
    }),
  );
  await saveAttachments(reader, row?.id ?? '', {
    sinkFor: async () => ({
      write: async (bytes) => {
        written += bytes.length;
        largestWrite = Math.max(largestWrite, bytes.length);
      },
      commit: async () => undefined,
      discard: async () => assert.fail(),
    }),
  });
  assert.equal(written, 40 * 1_048_576);
  assert.ok(largestWrite <= 4 * 1_048_576);
  assert.ok(askedMost <= 8_390_656);
  assert.ok(asked < 46 * 1_048_576, 'every part is fetched once');
});

test(
  'a process that is killed in the middle of an upload leaves it to the next one',
  { timeout: 240_000 },
  async (t) => {
    const folder = join(data, 'carol');
    const profile = await folderProfile(folder);
    const request = { address: 'carol@localhost', origin: server.origin, password: 'correct horse battery' };
    await register(testHost({ profile }), { ...request, deviceName: 'Desk' });
    const path = join(data, 'killed.bin');
    const bytes = randomBytes(20 * 1_048_576);
    writeFileSync(path, bytes);

    for (const [name, isTime] of [
      [
        'in the middle of an upload',
        (step: string, doneBytes: number) => step === 'uploading' && doneBytes > 9_000_000,
      ],
      ['while it delivers', (step: string) => step === 'delivering'],
      ['while it files its own copy', (step: string) => step === 'filing'],
    ] as const) {
      await t.test(name, async () => {
        const child = fork(join(import.meta.dirname, '../../test/drive-killed-send.ts'), [folder, path, name]);
        child.on('message', (message: { step: string; doneBytes: number }) => {
          if (isTime(message.step, message.doneBytes)) child.kill('SIGKILL');
        });
        const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
        assert.equal(signal, 'SIGKILL');

        const next = await openClient(testHost({ profile: await folderProfile(folder) }));
        let sent = 0;
        const counting = {
          ...next,
          wire: changedWire(next.wire, {
            put: async (...[route, parts, body, options]) => {
              sent += body.length;
              return next.wire.put(route, parts, body, options);
            },
          }),
        };
        const results = await resumeOutbox(counting, { sourceFor: async () => fileAttachment(path) });
        assert.deepEqual(
          results.map(({ outcome, subject }) => [outcome, subject]),
          [['sent', name]],
        );
        // 2 times 20 MiB in all: what was there was not sent again.
        assert.ok(sent < 34 * 1_048_576, `${sent} bytes were sent`);
        const { arrived } = await receive(bob.client);
        assert.equal(arrived.length, 1);
        assert.equal(sha256(await savedFile(arrived[0])), sha256(bytes));
        const { uploads } = await kept(server, 'carol@localhost');
        assert.equal(uploads, 0);
        assert.deepEqual(await resumeOutbox(next), []);
      });
    }

    await t.test('and without its file it waits, or is taken back', async () => {
      const child = fork(join(import.meta.dirname, '../../test/drive-killed-send.ts'), [folder, path, 'Lost']);
      child.on('message', ({ step, doneBytes }: { step: string; doneBytes: number }) => {
        if (step === 'uploading' && doneBytes > 1_000_000) child.kill('SIGKILL');
      });
      await once(child, 'exit');
      const next = await openClient(testHost({ profile: await folderProfile(folder) }));
      assert.deepEqual(
        (await resumeOutbox(next)).map(({ outcome }) => outcome),
        ['waiting'],
      );
      writeFileSync(path, bytes);
      const changed = { ...(await fileAttachment(path)), identity: 'another' };
      const before = await kept(server, 'carol@localhost');
      assert.equal(before.uploads, 1);
      const [result] = await resumeOutbox(next, { sourceFor: async () => changed });
      assert.deepEqual([result?.outcome, result?.problem?.code], ['undone', 'attachment_changed']);
      const after = await kept(server, 'carol@localhost');
      // The three that were sent, each with key list and file.
      assert.deepEqual([after.uploads, after.holds], [0, 9]);
      assert.deepEqual((await receive(bob.client)).arrived, []);
    });
  },
);

test('a file that changes under the same name and time is never sent under the old key', async () => {
  const file = attached('moving.bin', 9_000_000);
  let reads = 0;
  const moving = {
    ...file,
    source: {
      ...file.source,
      async *stream() {
        reads += 1;
        for await (const piece of file.source.stream()) yield reads > 2 ? piece.map((byte) => byte ^ 1) : piece;
      },
    },
  };
  const before = await kept(server, 'alice@localhost');
  let partsSent = 0;
  const counting = await alice.again((wire) =>
    changedWire(wire, {
      put: async (...[route, request, body, options]) => {
        if (route.path === ROUTES.uploadsPart.path) partsSent += 1;
        return wire.put(route, request, body, options);
      },
    }),
  );
  await assert.rejects(send(counting, draft({ to: ['bob@localhost'], attachments: [moving] })), {
    code: 'attachment_changed',
  });
  assert.equal(partsSent, 0);
  const { holds, uploads } = await kept(server, 'alice@localhost');
  assert.deepEqual([holds, uploads], [before.holds, 0]);
  assert.deepEqual(await resumeOutbox(await alice.again()), []);
});

test('a server that restarts in the middle of a send is waited for', async () => {
  const file = attached('restart.bin', 20_000_000);
  for (const path of [ROUTES.uploadsPart.path, ROUTES.uploadsComplete.path, ROUTES.deliver.path]) {
    let isDone = false;
    const during = async (here: string): Promise<void> => {
      if (isDone || here !== path) return;
      isDone = true;
      await restart();
    };
    const client = await alice.again((wire) =>
      changedWire(wire, {
        call: async (route, request, options) => {
          await during(route.path);
          return wire.call(route, request, options);
        },
        put: async (...[route, request, body, options]) => {
          await during(route.path);
          return wire.put(route, request, body, options);
        },
      }),
    );
    await send(client, draft({ to: ['bob@localhost'], subject: path, attachments: [file] }));
    assert.ok(isDone);
    const { arrived } = await receive(bob.client);
    assert.equal(arrived.length, 1);
    assert.ok(Buffer.from(file.bytes).equals(await savedFile(arrived[0])));
  }
});

test('whoever watches is told of each message once, whichever device files it, through a restart', async (t) => {
  const stop = { aborted: false };
  const seen: string[] = [];
  const phone = await bob.device();
  const watching = (async () => {
    for await (const { summary } of watch(bob.client, { signal: stop })) seen.push(summary.subject);
  })();
  t.after(() => {
    stop.aborted = true;
  });
  const until = async (count: number): Promise<void> => {
    for (let round = 0; seen.length < count && round < 600; round++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(seen.length, count);
  };
  await send(alice.client, draft({ to: ['bob@localhost'], subject: 'one', text: 'x' }));
  await until(1);
  await restart();
  await send(alice.client, draft({ to: ['bob@localhost'], subject: 'two', text: 'x' }));
  await receive(phone);
  await until(2);
  await send(alice.client, draft({ to: ['bob@localhost'], subject: 'three', text: 'x' }));
  await until(3);
  stop.aborted = true;
  await watching;
  assert.deepEqual(seen, ['one', 'two', 'three']);
});

test('what was caught up with before the line was cut is told after it', async () => {
  const phone = await bob.device();
  // As many times as one call is tried.
  let cutsLeft = 5;
  const client = await bob.again((wire) =>
    changedWire(wire, {
      call: async (route, request, options) => {
        if (route.path !== ROUTES.arrivalsList.path || cutsLeft === 0) return wire.call(route, request, options);
        cutsLeft -= 1;
        throw new SdkError('server_unreachable', 'cut');
      },
    }),
  );
  await receive(bob.client);
  await send(alice.client, draft({ to: ['bob@localhost'], subject: 'Filed elsewhere', text: 'x' }));
  await receive(phone);
  const told = await waitForMail(client, { timeoutMs: 60_000 });
  assert.equal(told?.summary.subject, 'Filed elsewhere');
  assert.equal(cutsLeft, 0);
});

test('waiting ends with the message, or with the time', async () => {
  assert.equal(await waitForMail(bob.client, { timeoutMs: 300 }), null);
  const waiting = waitForMail(bob.client, { timeoutMs: 60_000 });
  await send(alice.client, draft({ to: ['bob@localhost'], subject: 'At last', text: 'x' }));
  assert.equal((await waiting)?.summary.subject, 'At last');
});

for (const attachments of [[], [attached('plan.bin', 100_000)]]) {
  const what = attachments.length === 0 ? 'a message' : 'a message with a file';

  test(`${what} that is held can be taken back by whoever has the outbox, and then nobody ever gets it`, async () => {
    const other = await alice.again();
    const wanted = draft({ to: ['bob@localhost'], subject: 'Too quick', attachments });
    await assert.rejects(
      send(alice.client, wanted, {
        hold: async (outbox) => {
          await other.mailbox.catchUp();
          assert.deepEqual(
            (await listOutbox(other)).map(({ id, to }) => [id, to]),
            [[outbox, ['bob@localhost']]],
          );
          assert.equal(await takeBack(other, outbox), 'taken_back');
          assert.ok(!(await wasSent(other, outbox)));
        },
      }),
      { code: 'outbox_taken' },
    );
    assert.deepEqual((await receive(bob.client)).arrived, []);
    await alice.client.mailbox.catchUp();
    assert.deepEqual(await listOutbox(alice.client), []);
  });

  test(`${what} that is held goes out once, whoever goes on with it, and is not taken back after that`, async () => {
    const wanted = draft({ to: ['bob@localhost'], subject: 'In time', attachments });
    let kept = '';
    // The machine is switched off while it is held.
    const off = send(alice.client, wanted, {
      onKept: (outbox) => void (kept = outbox),
      hold: async () => Promise.reject(new SdkError('stopped', 'switched off')),
    });
    await assert.rejects(off, { code: 'stopped' });
    assert.deepEqual((await receive(bob.client)).arrived, []);
    const next = await alice.again();
    assert.deepEqual(await resumeOutbox(next, { only: (id) => id !== kept }), []);
    let wasHeld = false;
    const [result] = await resumeOutbox(next, { hold: async () => void (wasHeld = true) });
    assert.equal(result?.outcome, 'sent');
    assert.ok(wasHeld);
    assert.equal(await takeBack(next, kept), 'too_late');
    assert.ok(await wasSent(next, kept));
    assert.deepEqual(await resumeOutbox(await alice.again()), []);
    assert.deepEqual(
      (await receive(bob.client)).arrived.map(({ summary }) => summary.subject),
      ['In time'],
    );
  });

  test(`${what} that is just being delivered is not taken back by whoever looked a moment before`, async () => {
    const takenBack: Promise<string>[] = [];
    const other = await alice.again((wire) =>
      changedWire(wire, {
        call: async (route, request, options) => {
          // Its owner's answer to what it saw comes when the other one has gone on.
          if (route.path === ROUTES.spacesWrite.path) await gone;
          return wire.call(route, request, options);
        },
      }),
    );
    let go = (): void => undefined;
    const gone = new Promise<void>((resolve) => (go = resolve));
    const carrier = await alice.again((wire) =>
      changedWire(wire, {
        call: async (route, request, options) => {
          if (route.path === ROUTES.deliver.path) go();
          return wire.call(route, request, options);
        },
      }),
    );
    const wanted = draft({ to: ['bob@localhost'], subject: 'On its way', attachments });
    const sent = await send(carrier, wanted, {
      hold: async (outbox) => {
        takenBack.push(takeBack(other, outbox));
        await new Promise((resolve) => setTimeout(resolve, 50));
      },
    });
    assert.equal(sent.recipients[0]?.outcome, 'delivered');
    assert.deepEqual(await Promise.all(takenBack), ['too_late']);
    assert.deepEqual(
      (await receive(bob.client)).arrived.map(({ summary }) => summary.subject),
      ['On its way'],
    );
  });
}
