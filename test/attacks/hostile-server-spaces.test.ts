/** A server that refuses, loses, rolls back, forks and withholds records, and one that shows a new device old ones. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before } from 'node:test';
import { listSessions, type Client } from '../../packages/sdk/src/client/index.ts';
import { mark, receive, send } from '../../packages/sdk/src/mail/index.ts';
import type { Space } from '../../packages/sdk/src/sync/types.ts';
import { draft } from '../../packages/sdk/test/mail-people.ts';
import { quickAccount } from '../../packages/sdk/test/quick-account.ts';
import { recordedEngine } from '../../packages/sdk/test/space-devices.ts';
import { ROUTES, type RequestOf, type ResponseOf } from '../../packages/protocol/src/wire/index.ts';
import { attack } from './attack.ts';
import { answers, cuts, invents } from './lies.ts';
import { startLyingProxy, type Heard, type Lie, type LyingProxy } from './lying-proxy.ts';
import { newPerson, type Person } from './people.ts';
import { codeOf } from './told.ts';

/** Every seal of Alice's desk. */
const recorded = recordedEngine();

let proxy: LyingProxy;
let alice: Person;
let bob: Person;
let desk: Client;
/** A message of which the desk changes the marks: each time a record. */
let message: string;

before(async () => {
  proxy = await startLyingProxy();
  [alice, bob] = await Promise.all([newPerson(proxy, 'alice', { engine: recorded.engine }), newPerson(proxy, 'bob')]);
  desk = alice.client;
  message = (await send(desk, draft({ to: [bob.address], text: 'x' }))).id;
});
after(async () => {
  await proxy.stop();
  // Whatever was refused, lost or answered falsely: no key ever sealed two texts.
  assert.ok(recorded.sealings() > 50, String(recorded.sealings()));
  assert.equal(recorded.reuses(), 0);
});

type Changes = ResponseOf<typeof ROUTES.spacesChanges>;
type Write = RequestOf<typeof ROUTES.spacesWrite>;

let marks = 0;
/** Something else each time, so that a key that came back would seal another text. */
const markOnce = (client: Client = desk): Promise<unknown> =>
  mark(client, [message], {
    starred: (marks += 1) % 2 === 0,
    read: marks % 4 < 2,
    folder: marks % 3 === 0 ? 'inbox' : 'archive',
  });

const sizeBefore = ({ head, writes }: Write): number => (head?.size ?? 0) - writes.length;
const isOf =
  ({ session }: Client): ((heard: Heard) => boolean) =>
  ({ authorization }) =>
    authorization === `Bearer ${session}`;
const isAbout = (space: Uint8Array, request: unknown): boolean =>
  Buffer.from(space).equals((request as { space: Uint8Array }).space);

/** What a space was before `size`, as if nothing had been written since. */
function rolledBack({ id }: Space, size: number): Lie {
  return answers('spacesChanges', ({ changes }, { request }) =>
    isAbout(id, request) ? { changes: changes.filter(({ number }) => number <= size), size, more: false } : null,
  );
}

const noNewHeads = ({ id }: Space, size: number): Lie =>
  answers('spacesHeads', ({ heads }, { request }) =>
    isAbout(id, request) ? { heads: heads.filter((head) => head.size <= size) } : null,
  );

attack('answers every record write with a conflict', async () => {
  const codes: string[] = [];
  for (const more of [0, 1, -1]) {
    let writes = 0;
    const conflict = invents('spacesWrite', ({ request }) => {
      writes += 1;
      const [{ record, version } = { record: new Uint8Array(16), version: 1 }] = request.writes;
      return { answer: 'conflict', size: sizeBefore(request) + more, conflicts: [{ record, version }] };
    });
    codes.push(await proxy.during([conflict], () => codeOf(markOnce())));
    assert.equal(writes, 1);
  }
  await markOnce();
  return codes;
});

attack('lets another device win every record write', async () => {
  const phone = await alice.join();
  let writes = 0;
  const faster: Lie = {
    about: ['spacesWrite'],
    async tell(heard) {
      if (!isOf(desk)(heard)) return null;
      writes += 1;
      await markOnce(phone);
      return heard.ask();
    },
  };
  await phone.mailbox.catchUp();
  const codes = [await proxy.during([faster], () => codeOf(markOnce()))];
  assert.ok(writes > 10 && writes < 100, String(writes));
  await markOnce();
  return codes;
});

attack('cuts the line at every record write', async () => {
  const codes = [await proxy.during([cuts('spacesWrite', 'before')], () => codeOf(markOnce()))];
  // What was written although no answer came is found in the log, and not written again.
  const { size } = await desk.mailbox.catchUp();
  await proxy.during([cuts('spacesWrite', 'after')], () => markOnce());
  assert.equal((await desk.mailbox.catchUp()).size, size + 1);
  return codes;
});

attack('cuts, conflicts and lets through in turn, to get two texts under one key', async () => {
  const codes: string[] = [];
  let turn = 0;
  const turns: Lie = {
    about: ['spacesWrite'],
    async tell(heard) {
      const request = heard.request as Write;
      turn += 1;
      if (turn % 4 === 0) return heard.ask();
      if (turn % 4 === 1) return 'cut';
      if (turn % 4 === 2) await heard.ask();
      if (turn % 4 === 2) return 'cut';
      const body = { answer: 'conflict', size: sizeBefore(request), conflicts: [] };
      return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
    },
  };
  const before_ = recorded.sealings();
  await proxy.during([turns], async () => {
    for (let round = 0; round < 8; round += 1) {
      const outcome = await markOnce().then(
        () => null,
        (error: { code: string }) => error.code,
      );
      if (outcome !== null) codes.push(outcome);
    }
  });
  assert.ok(turn >= 8 && recorded.sealings() - before_ >= 8, `${turn} ${recorded.sealings() - before_}`);
  assert.equal(recorded.reuses(), 0);
  await markOnce();
  return codes;
});

attack('acknowledges a record write that it does not do', async () => {
  const victim = await newPerson(proxy, 'careless');
  const { id } = await send(victim.client, draft({ to: [bob.address], text: 'x' }));
  const forget = invents('spacesWrite', ({ request }) => ({ answer: 'written', size: request.head?.size ?? 0 }));
  await proxy.during([forget], () => mark(victim.client, [id], { starred: true }));
  return [await codeOf(receive(victim.client))];
});

attack('rolls back the mailbox', async () => {
  const { size } = await desk.mailbox.tip();
  const lie = [rolledBack(desk.mailbox, size - 1), noNewHeads(desk.mailbox, size - 1)];
  return [await proxy.during(lie, () => codeOf(receive(desk)))];
});

attack('rolls back the vault', async () => {
  const { size } = await desk.vault.tip();
  const lie = [rolledBack(desk.vault, size - 1), noNewHeads(desk.vault, size - 1)];
  return [await proxy.during(lie, () => codeOf(receive(desk)))];
});

attack('rolls back what another device wrote', async () => {
  const phone = await alice.join();
  await desk.mailbox.catchUp();
  await markOnce();
  const { size } = await desk.mailbox.tip();
  const codes = [await proxy.during([rolledBack(phone.mailbox, size - 1)], () => codeOf(receive(phone)))];
  await receive(phone);
  return codes;
});

attack('withholds the newest bytes of a record, or gives those of another', async () => {
  const phone = await alice.join();
  await markOnce();
  const withheld = answers('spacesChanges', (answer) => ({
    ...answer,
    changes: answer.changes.map((change) => ({ ...change, sealed: null })),
  }));
  const older: Changes = await desk.wire.call(
    ROUTES.spacesChanges,
    { space: desk.mailbox.id, after: 0, limit: 256 },
    { rights: { session: desk.session } },
  );
  const sealed = older.changes.find((change) => change.sealed !== null)?.sealed ?? null;
  const other = answers('spacesChanges', (answer, { request }) =>
    isAbout(desk.mailbox.id, request) && answer.changes.length > 0
      ? { ...answer, changes: answer.changes.map((change) => ({ ...change, sealed })) }
      : null,
  );
  const codes: string[] = [];
  for (const lie of [withheld, other]) codes.push(await proxy.during([lie], () => codeOf(phone.mailbox.catchUp())));
  await phone.mailbox.catchUp();
  return codes;
});

attack('leaves out, repeats or turns round changes', async () => {
  const phone = await alice.join();
  for (let count = 0; count < 3; count += 1) await markOnce();
  const changed = (change: (some: Changes['changes']) => Changes['changes']): Lie =>
    answers('spacesChanges', (answer) =>
      answer.changes.length < 3 ? null : { ...answer, changes: change(answer.changes) },
    );
  const lies = [
    changed(([one, , ...others]) => [one!, ...others]),
    changed(([one, two, ...others]) => [one!, { ...one!, number: two!.number }, ...others]),
    changed(([one, two, ...others]) => [two!, one!, ...others]),
  ];
  const codes: string[] = [];
  for (const lie of lies) codes.push(await proxy.during([lie], () => codeOf(phone.mailbox.catchUp())));
  await phone.mailbox.catchUp();
  return codes;
});

attack('shows heads that no device made', async () => {
  const forged = answers('spacesHeads', ({ heads }) => ({
    heads: [...heads, { device: new Uint8Array(randomBytes(16)), size: 9_999, head: new Uint8Array(randomBytes(121)) }],
  }));
  const { forgedHeads } = await proxy.during([forged], () => desk.mailbox.catchUp());
  assert.equal(forgedHeads, 1);
  return ['forgedHeads'];
});

/**
 * Another history of a space: as it was at `size`, and its own from there on. Calls that `when` chooses are about that
 * one.
 */
async function otherHistory(
  { client, space, kind, size }: { client: Client; space: Space; kind: 'vault' | 'mailbox'; size: number },
  when: (heard: Heard) => boolean,
): Promise<Lie> {
  const shadow = await quickAccount(proxy.server, `shadow-${(marks += 1)}@localhost`);
  const there = { rights: { session: shadow.session } };
  const own = { rights: { session: client.session } };
  const all = await client.wire.call(ROUTES.spacesChanges, { space: space.id, after: 0, limit: 256 }, own);
  await client.wire.call(ROUTES.spacesCreate, { space: space.id, kind }, there);
  for (const { record, version, epoch, hash } of all.changes.slice(0, size)) {
    const writes = [{ record, version, epoch, sealed: proxy.sealedOf(hash) }];
    await client.wire.call(ROUTES.spacesWrite, { space: space.id, writes, head: null }, there);
  }
  for (const head of (await client.wire.call(ROUTES.spacesHeads, { space: space.id }, own)).heads) {
    if (head.size <= size) await client.wire.call(ROUTES.spacesHeadPut, { space: space.id, head }, there);
  }
  return {
    about: ['spacesChanges', 'spacesHeads', 'spacesWrite', 'spacesHeadPut', 'spacesCreate'],
    tell: async (heard) =>
      isAbout(space.id, heard.request) && when(heard) ? heard.ask({ authorization: `Bearer ${shadow.session}` }) : null,
  };
}

attack('forks the mailbox between two devices', async () => {
  const victim = await newPerson(proxy, 'forked');
  const { id } = await send(victim.client, draft({ to: [bob.address], text: 'x' }));
  const phone = await victim.join();
  await phone.mailbox.catchUp();
  const { client } = victim;
  const { size } = await client.mailbox.catchUp();
  const fork = await otherHistory({ client, space: client.mailbox, kind: 'mailbox', size }, isOf(phone));
  await proxy.during([fork], async () => {
    await mark(phone, [id], { starred: true });
    await mark(client, [id], { read: true, folder: 'archive' });
    await phone.mailbox.catchUp();
    await client.mailbox.catchUp();
  });
  // The first time that one of them is shown what the other saw.
  const heads = answers('spacesHeads', (answer, { authorization }) => (authorization === null ? null : answer));
  const codes = [await proxy.during([heads], () => codeOf(phone.mailbox.catchUp()))];
  return codes;
});

attack('forks the mailbox, and lets the vault pass', async () => {
  const victim = await newPerson(proxy, 'divided');
  const { id } = await send(victim.client, draft({ to: [bob.address], text: 'x' }));
  const phone = await victim.join();
  const { client } = victim;
  const { size } = await client.mailbox.catchUp();
  const fork = await otherHistory({ client, space: client.mailbox, kind: 'mailbox', size }, isOf(phone));
  return proxy.during([fork], async () => {
    await mark(phone, [id], { starred: true });
    await mark(client, [id], { read: true, folder: 'archive' });
    await receive(phone);
    // What the phone saw of the mailbox stands in the vault.
    return [await codeOf(receive(client))];
  });
});

/** Somebody who has done things since registering, and how long vault and mailbox were at the beginning. */
async function grown(name: string): Promise<{ victim: Person; vault: number; mailbox: number }> {
  const victim = await newPerson(proxy, name);
  const { client } = victim;
  const { size: vault } = await client.vault.tip();
  const { size: mailbox } = await client.mailbox.tip();
  await send(client, draft({ to: [bob.address], text: 'x' }));
  await send(bob.client, draft({ to: [victim.address], text: 'x' }));
  await receive(client);
  assert.ok((await client.vault.tip()).size > vault && (await client.mailbox.tip()).size > mailbox);
  return { victim, vault, mailbox };
}

attack('shows a new device an old vault, with the heads that there are', async () => {
  const { victim, vault } = await grown('old-vault');
  const { client } = victim;
  return [await proxy.during([rolledBack(client.vault, vault)], () => codeOf(victim.join()))];
});

attack('shows a new device an old vault, and takes what it writes for the true one', async () => {
  const { victim, vault } = await grown('old-vault-read');
  const { client } = victim;
  const lies = [rolledBack(client.vault, vault), noNewHeads(client.vault, vault)];
  const codes = [await proxy.during(lies, () => codeOf(victim.join()))];
  await receive(client);
  return codes;
});

attack('shows a new device an old mailbox', async () => {
  const { victim, mailbox } = await grown('old-mailbox');
  const { client } = victim;
  const lies = [rolledBack(client.mailbox, mailbox), noNewHeads(client.mailbox, mailbox)];
  return [await proxy.during(lies, () => codeOf(victim.join()))];
});

attack('keeps a new device in an old vault of its own', async () => {
  const { victim, vault, mailbox } = await grown('kept-apart');
  const { client } = victim;
  const isOther = (heard: Heard): boolean => !isOf(client)(heard);
  const apart = [
    await otherHistory({ client, space: client.vault, kind: 'vault', size: vault }, isOther),
    await otherHistory({ client, space: client.mailbox, kind: 'mailbox', size: mailbox }, isOther),
  ];
  const phone = await proxy.during(apart, () => victim.join());
  // Nothing that the phone can compute tells; what it can show is whose state that is, how large and of when.
  const state = await phone.vault.newestState();
  assert.ok(state !== null && state.size <= vault + 1);
  // The other devices see a stranger, and the first head or note that passes between them says the rest.
  const sessions = await listSessions(client);
  const told = sessions.filter(({ foreign }) => foreign).map(() => 'foreign');
  assert.equal(told.length, 1);
  return [...told, await codeOf(receive(phone))];
});
