/** A server that lies about sizes and counts, and one that answers slowly, without end, or never. */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { RouteName } from '../../packages/protocol/src/wire/index.ts';
import type { Client } from '../../packages/sdk/src/client/index.ts';
import { read, receive, send, waitForMail, type MessageRow } from '../../packages/sdk/src/mail/index.ts';
import { draft } from '../../packages/sdk/test/mail-people.ts';
import { attack } from './attack.ts';
import { answers, breaks, invents, refuses } from './lies.ts';
import { startLyingProxy, type Lie, type LyingProxy } from './lying-proxy.ts';
import { newPerson, type Person } from './people.ts';
import { codeOf } from './told.ts';

/** Patience, as short as a test needs it. */
const limits = { silentMs: 400, eventsSilentMs: 400 };

let proxy: LyingProxy;
let alice: Person;
let bob: Person;
let desk: Client;
let row: MessageRow;

before(async () => {
  proxy = await startLyingProxy();
  [alice, bob] = await Promise.all([newPerson(proxy, 'alice'), newPerson(proxy, 'bob')]);
  await send(alice.client, draft({ to: [bob.address], text: 'x' }));
  [row] = (await receive(bob.client)).arrived as [MessageRow];
  desk = await bob.again({ limits });
});
after(() => proxy.stop());

/** A blob's answer with other headers. */
function saying(change: (headers: Record<string, string>) => void): Lie {
  return {
    about: ['holdsRead', 'arrivalItem'],
    async tell(heard) {
      const answer = await heard.ask();
      const headers = { ...answer.headers };
      change(headers);
      return { ...answer, headers };
    },
  };
}

attack('lies about the sizes of arrivals', async () => {
  const victim = await newPerson(proxy, 'victim');
  for (let count = 0; count < 3; count += 1) await send(alice.client, draft({ to: [victim.address], text: 'x' }));
  const sizes = [100, 1_000_000, 1e15];
  const lie = answers('arrivalsList', (answer) => {
    const arrivals = answer.arrivals.map((each, index) =>
      each.state === 'here' ? { ...each, items: [{ ...each.items[0], sizeBytes: sizes[index] }] } : each,
    );
    return arrivals.length < 3 ? null : { ...answer, arrivals };
  });
  const { arrived, left } = await proxy.during([lie], () => receive(victim.client));
  assert.deepEqual([arrived.length, left], [0, 3]);
  return ['left', await codeOf(receive(victim.client))];
});

attack('lies about the size of a filed message', async () => {
  const total = saying((headers) => {
    headers['content-range'] = headers['content-range']?.replace(/\/\d+$/, '/99999999') ?? '';
  });
  const range = saying((headers) => {
    headers['content-range'] = 'bytes 0-0/1';
  });
  const codes: string[] = [];
  for (const lie of [total, range]) codes.push(await proxy.during([lie], () => codeOf(read(desk, row.id))));
  assert.equal((await read(desk, row.id)).text.trim(), 'x');
  return codes;
});

attack('counts more records or arrivals than it gives, or says that more come and gives none', async () => {
  const victim = await newPerson(proxy, 'miscounted');
  const lies = [
    answers('spacesChanges', (answer) => ({ ...answer, size: answer.size + 1 })),
    answers('spacesChanges', (answer) => ({ ...answer, more: true })),
    answers('arrivalsList', (answer) => ({ ...answer, size: answer.size + 1 })),
    answers('arrivalsList', (answer) => ({ ...answer, more: true })),
  ];
  const codes: string[] = [];
  for (const lie of lies) codes.push(await proxy.during([lie], () => codeOf(receive(victim.client))));
  await receive(victim.client);
  return codes;
});

attack('lists arrivals without end', async () => {
  const victim = await newPerson(proxy, 'flooded');
  const signal = { aborted: false };
  let pages = 0;
  const endless = answers('arrivalsList', (_answer, { request: { after: from } }) => {
    pages += 1;
    if (pages === 20) signal.aborted = true;
    const arrivals = Array.from({ length: 256 }, (_, index) => ({
      state: 'removed',
      number: from + index + 1,
      hash: new Uint8Array(32).fill(pages),
    }));
    return { size: 1e12, arrivals, more: true };
  });
  const code = await proxy.during([endless], () => codeOf(receive(victim.client, { signal })));
  assert.ok(pages < 25);
  // Nothing of it was believed.
  await receive(victim.client);
  return [code];
});

/** As much as is taken, and how much that was. */
function withoutEnd(name: RouteName): Lie & { sentBytes(): number } {
  const piece = Buffer.alloc(65_536, ' ');
  let sentBytes = 0;
  return {
    about: [name],
    sentBytes: () => sentBytes,
    async tell(heard) {
      const { status, headers } = await heard.ask();
      const { 'content-length': _length, ...rest } = headers;
      return (response) => {
        response.writeHead(status, rest);
        const more = (): void => {
          while (!response.destroyed) {
            sentBytes += piece.length;
            if (!response.write(piece)) return;
          }
        };
        response.on('drain', more);
        more();
      };
    },
  };
}

attack('answers a call without end', async () => {
  const heads = withoutEnd('spacesHeads');
  const code = await proxy.during([heads], () => codeOf(receive(desk)));
  assert.ok(heads.sentBytes() < 40_000_000, String(heads.sentBytes()));
  return [code];
});

attack('gives an item without end', async () => {
  const item = withoutEnd('holdsRead');
  const code = await proxy.during([item], () => codeOf(read(desk, row.id)));
  assert.ok(item.sentBytes() < 40_000_000, String(item.sentBytes()));
  return [code];
});

/** One byte from time to time, under the headers of the true answer. */
function dripping(name: RouteName): Lie {
  return {
    about: [name],
    async tell(heard) {
      const { status, headers } = await heard.ask();
      return (response) => {
        response.writeHead(status, headers);
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      };
    },
  };
}

attack('answers drop by drop', async () => [
  await proxy.during([dripping('spacesHeads')], () => codeOf(receive(desk))),
  await proxy.during([dripping('holdsRead')], () => codeOf(read(desk, row.id))),
]);

attack('never answers', async () => {
  const silent = breaks('ktResolve', () => undefined);
  return [await proxy.during([silent], () => codeOf(send(desk, draft({ to: [alice.address], text: 'x' }))))];
});

attack('is busy for ever', async () => {
  const busy = refuses('holdsRead', 'busy');
  return [await proxy.during([busy], () => codeOf(read(desk, row.id)))];
});

attack('tells of events that never were', async () => {
  let streams = 0;
  const events: Lie = {
    about: ['eventsStream'],
    tell: async () => (response) => {
      streams += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let number = 1; number < 20; number += 1) {
        response.write(`data: {"number":${1e6 * streams + number},"kind":"arrival","arrival":${number}}\n\n`);
      }
      response.end();
    },
  };
  const found = await proxy.during([events], () => waitForMail(desk, { timeoutMs: 2_000 }));
  assert.equal(found, null);
  // What is true comes through all the same.
  await send(alice.client, draft({ to: [bob.address], subject: 'True', text: 'x' }));
  assert.equal((await waitForMail(desk, { timeoutMs: 5_000 }))?.summary.subject, 'True');
  return [];
});

attack('invents the outcome of a delivery', async () => {
  const codes: string[] = [];
  for (const outcome of ['full', 'gone', 'unknown']) {
    const refused = invents('deliver', () => ({ answers: [outcome] }));
    codes.push(
      await proxy.during([refused], () => codeOf(send(alice.client, draft({ to: [bob.address], text: 'x' })))),
    );
  }
  const nobody = invents('deliver', () => ({ answers: [] }));
  codes.push(await proxy.during([nobody], () => codeOf(send(alice.client, draft({ to: [bob.address], text: 'x' })))));
  return codes;
});
