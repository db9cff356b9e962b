/** A server that changes the login, the latches, the vault or the keys of others. */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { parseCard, passwordInput } from '../../packages/crypto/src/index.ts';
import { loginClient } from '../../packages/crypto/src/login-client.ts';
import { ROUTES, type ResponseOf } from '../../packages/protocol/src/wire/index.ts';
import { startTestServer, WireClient } from '../../apps/server/src/testing/index.ts';
import { logIn, lock, unlock, type Client } from '../../packages/sdk/src/client/index.ts';
import { receive, send } from '../../packages/sdk/src/mail/index.ts';
import type { OwnKeys } from '../../packages/sdk/src/signing/types.ts';
import { draft } from '../../packages/sdk/test/mail-people.ts';
import { person } from '../../packages/sdk/test/message-people.ts';
import { attack } from './attack.ts';
import { answers, invents } from './lies.ts';
import { startLyingProxy, type Lie, type LyingProxy } from './lying-proxy.ts';
import { device, engine, newPerson, password, type Person } from './people.ts';
import { codeOf } from './told.ts';

let proxy: LyingProxy;
let alice: Person;
let bob: Person;

before(async () => {
  proxy = await startLyingProxy();
  [alice, bob] = await Promise.all([newPerson(proxy, 'alice'), newPerson(proxy, 'bob')]);
});
after(() => proxy.stop());

/** Alice on a further device, by password and card. */
const byPassword = (): Promise<Client> =>
  logIn(device(), { address: alice.address, deviceName: 'Phone', with: { password, card: alice.card.text } });
const byKit = (): Promise<Client> => alice.join();

/** What a login under lies ends in; and it leaves nothing open at the server. */
async function refused(lies: readonly Lie[], work: () => Promise<Client>): Promise<string> {
  const sessions = async (): Promise<number> => {
    const rights = { rights: { session: alice.client.session } };
    return (await alice.client.wire.call(ROUTES.sessionsList, {}, rights)).sessions.length;
  };
  const before_ = await sessions();
  const code = await proxy.during(lies, () => codeOf(work()));
  assert.equal(await sessions(), before_);
  return code;
}

attack('swaps its OPAQUE key where it names it', async () => {
  const other = answers('wellKnown', (answer) => ({ ...answer, opaque: 'A'.repeat(43) }));
  const codes = [await refused([other], byPassword), await refused([other], byKit)];
  const locked = alice.client.host;
  await lock(locked);
  codes.push(await proxy.during([other], () => codeOf(unlock(locked, password))));
  await unlock(locked, password);
  return codes;
});

attack('swaps its OPAQUE key in the login itself', async () => {
  // Another server with an own key, which somehow has the very record of Alice's password, and calls itself the same.
  const impostor = await startTestServer({ config: { origin: proxy.origin } });
  try {
    const card = await parseCard(engine, alice.card.text);
    const input = await passwordInput(engine, { ...card, password });
    const there = new WireClient(`http://127.0.0.1:${impostor.port}`);
    const login = await loginClient();
    const { request, state } = await login.startRegistration(input);
    const { response } = await there.call('registerStart', { address: alice.address, invitation: null, request });
    const names = { client: alice.address, server: proxy.origin };
    const { record } = await login.finishRegistration({ input, state, response, names });
    const latch = {
      id: engine.randomBytes(16),
      kind: 'password',
      generation: 1,
      wrapped: engine.randomBytes(81),
      rescue: null,
    } as const;
    const { note } = alice.client.keys.newest.identity;
    const session = { name: new Uint8Array(), device: engine.randomBytes(16) };
    await there.call('registerFinish', {
      address: alice.address,
      invitation: null,
      record,
      statement: note,
      latches: [latch],
      session,
    });
    const elsewhere = [invents('loginStart', ({ request: asked }) => there.call('loginStart', asked))];
    return [await refused(elsewhere, byPassword)];
  } finally {
    await impostor.stop();
  }
});

attack('changes the parameters of the login', async () => {
  const flip = (text: string, at: number): string =>
    text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  let older: unknown = null;
  const lies = [
    answers('loginStart', (answer) => ({ ...answer, keyStretching: { memoryKib: 8, iterations: 1 } })),
    answers('loginStart', (answer) => ({ ...answer, response: flip(answer.response, 200) })),
    answers('loginStart', (answer) => ({ ...answer, response: 'A'.repeat(answer.response.length) })),
    answers('loginStart', (answer) => ({ ...answer, response: answer.response.slice(4) })),
    answers('wellKnown', (answer) => ({ ...answer, versions: ['v0'] })),
    answers('wellKnown', (answer) => ({ ...answer, origin: 'http://127.0.0.1:1' })),
    answers('wellKnown', (answer) => ({ ...answer, domain: 'example.org' })),
  ];
  const codes: string[] = [];
  for (const lie of lies) codes.push(await refused([lie], byPassword));
  // The answer to an older login.
  await proxy.during([answers('loginStart', (answer) => (older = answer))], byPassword);
  codes.push(await refused([answers('loginStart', () => older)], byPassword));
  return codes;
});

attack('gives other latches, or none', async () => {
  const rights = { rights: { session: bob.client.session } };
  const { latches: bobs } = await bob.client.wire.call(ROUTES.latchesList, {}, rights);
  const lies = [
    answers('latchesList', () => ({ latches: [] })),
    answers('latchesList', () => ({ latches: bobs })),
    answers('latchesList', ({ latches }) => ({ latches: latches.map((latch) => ({ ...latch, generation: 2 })) })),
    answers('latchesList', ({ latches }) => ({
      latches: latches.map((latch) => ({ ...latch, wrapped: latch.wrapped.with(60, latch.wrapped[60]! ^ 1) })),
    })),
  ];
  const codes: string[] = [];
  for (const lie of lies) codes.push(await refused([lie], byKit));
  return codes;
});

attack('names another space as the vault, or an empty one', async () => {
  const lies = [
    [
      answers('spacesList', ({ spaces }) => ({
        spaces: spaces.map((each) => ({ ...each, kind: each.kind === 'vault' ? 'mailbox' : 'vault' })),
      })),
    ],
    [answers('spacesList', () => ({ spaces: [] }))],
    [
      answers('spacesChanges', () => ({ size: 0, changes: [], more: false })),
      answers('spacesHeads', () => ({ heads: [] })),
    ],
  ];
  const codes: string[] = [];
  for (const lie of lies) codes.push(await refused(lie, byKit));
  return codes;
});

attack('shows other keys for the own account', async () => {
  const ghost = await person(alice.address);
  const codes: string[] = [];
  for (const lie of ghostsOf(ghost, alice.address)) codes.push(await refused([lie], byKit));
  return codes;
});

/** Keys of the server's own, under somebody's name, in each way in which it can show them in the log as it is. */
function ghostsOf(keys: OwnKeys, address: string): readonly Lie[] {
  const { note } = keys.newest.identity;
  type Answer = ResponseOf<typeof ROUTES.ktResolve>['answers'][number];
  const change = (edit: (answer: Answer) => Answer): Lie =>
    answers('ktResolve', ({ head, answers: true_ }, { request: { wanted } }) => ({
      head,
      answers: true_.map((each, at) => (wanted[at]?.address === address ? edit(each) : each)),
    }));
  const leaf = { leaf: new Uint8Array(66), inclusion: [], opened: { opening: new Uint8Array(16), note } };
  return [
    // In the place of every statement that is asked for, or as one more.
    change((each) => ({
      ...each,
      leaves: each.leaves.map((one) => ({ ...one, opened: { opening: new Uint8Array(16), note } })),
      ...(each.leaves.length === 0 ? { leaves: [leaf] } : {}),
    })),
    change((each) => ({
      ...each,
      positions: [...each.positions, (each.positions.at(-1) ?? 0) + 1],
      leaves: [...each.leaves, leaf],
    })),
  ];
}

attack('swaps the keys of somebody who was written to before', async () => {
  await send(alice.client, draft({ to: [bob.address], text: 'x' }));
  const codes: string[] = [];
  for (const ghost of ghostsOf(await person(bob.address), bob.address)) {
    codes.push(await proxy.during([ghost], () => codeOf(send(alice.client, draft({ to: [bob.address], text: 'x' })))));
  }
  assert.equal((await receive(bob.client)).arrived.length, 1);
  return codes;
});

attack('swaps the keys of somebody at first contact', async () => {
  const carol = await newPerson(proxy, 'carol');
  const codes: string[] = [];
  for (const ghost of ghostsOf(await person(bob.address), bob.address)) {
    codes.push(await proxy.during([ghost], () => codeOf(send(carol.client, draft({ to: [bob.address], text: 'x' })))));
  }
  assert.equal((await receive(bob.client)).arrived.length, 0);
  await send(carol.client, draft({ to: [bob.address], text: 'x' }));
  assert.equal((await receive(bob.client)).arrived.length, 1);
  return codes;
});
