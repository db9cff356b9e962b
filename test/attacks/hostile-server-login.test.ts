/** A server that changes the login, the latches, the vault or the keys of others. */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
  openDelivery,
  openHeader,
  parseIdentity,
  parseCard,
  passwordInput,
  parseRecipient,
  sealDelivery,
  sealHeader,
} from '../../packages/crypto/src/index.ts';
import { loginClient } from '../../packages/crypto/src/login-client.ts';
import { canonicalAddress } from '../../packages/protocol/src/index.ts';
import {
  decodeShortHeader,
  encodeShortHeader,
  ROUTES,
  type RequestOf,
} from '../../packages/protocol/src/wire/index.ts';
import { startTestServer, WireClient } from '../../apps/server/src/testing/index.ts';
import { logIn, lock, unlock, type Client } from '../../packages/sdk/src/client/index.ts';
import { receive, send } from '../../packages/sdk/src/mail/index.ts';
import { decodeDeliveryBody, encodeDeliveryBody } from '../../packages/sdk/src/message/delivery-body.ts';
import type { OwnKeys } from '../../packages/sdk/src/signing/types.ts';
import { draft } from '../../packages/sdk/test/mail-people.ts';
import { person } from '../../packages/sdk/test/message-people.ts';
import { attack } from './attack.ts';
import { answers, invents } from './lies.ts';
import { startLyingProxy, type Lie, type LyingProxy } from './lying-proxy.ts';
import { device, engine, newPerson, password, type Person } from './people.ts';
import { codeOf, warnings } from './told.ts';

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
  const ghost = (await person(alice.address)).newest.identity.note;
  const other = answers('directoryResolve', () => ({
    answers: [{ answer: 'known', takes: 'mail', notes: [ghost], more: false }],
  }));
  return [await refused([other], byKit)];
});

/** Keys of the server's own, under somebody's name. */
function ghostOf(keys: OwnKeys, address: string): Lie {
  return answers('directoryResolve', ({ answers: true_ }, { request: { wanted } }) =>
    wanted.some((each) => each.address === address)
      ? {
          answers: wanted.map((each, index) =>
            each.address === address
              ? { answer: 'known', takes: 'mail', notes: [keys.newest.identity.note], more: false }
              : true_[index],
          ),
        }
      : null,
  );
}

attack('swaps the keys of somebody who was written to before', async () => {
  await send(alice.client, draft({ to: [bob.address], text: 'x' }));
  const ghost = await person(bob.address);
  const code = await proxy.during([ghostOf(ghost, bob.address)], () =>
    codeOf(send(alice.client, draft({ to: [bob.address], text: 'x' }))),
  );
  await receive(bob.client);
  return [code];
});

attack('swaps the keys of somebody at first contact, reads the mail and passes it on', async () => {
  const carol = await newPerson(proxy, 'carol');
  const ghost = await person(bob.address);
  const bobs = bob.client.keys.newest.identity;
  let readWords = '';
  /** Opens what was sealed to the ghost, and seals it to Bob as if it had always been his. */
  const between: Lie = {
    about: ['deliver'],
    async tell(heard) {
      const request = heard.request as RequestOf<typeof ROUTES.deliver>;
      const [recipient] = request.recipients;
      const short = recipient?.headers[0];
      const header = short === null || short === undefined ? null : decodeShortHeader(short);
      assert.ok(recipient !== undefined && header !== null);
      const identities = [parseIdentity(ghost.newest.sealIdentity)];
      const fileKey = (await openHeader(engine, { header, identities }))?.fileKey;
      assert.ok(fileKey !== undefined);
      const payloadNonce = await nonceOf();
      const own = { engine, fileKey, payloadNonce };
      const body = decodeDeliveryBody(await openDelivery({ ...own, header }, recipient.part));
      readWords = body.summary.words;
      const recipients = [parseRecipient(bobs.statement.seal)];
      const forBob = await sealHeader(engine, { fileKey, recipients, wrappedBefore: [] });
      const part = await sealDelivery({ ...own, header: forBob }, encodeDeliveryBody(body));
      return heard.ask({
        request: { ...request, recipients: [{ ...recipient, headers: [encodeShortHeader(forBob)], part }] },
      });
    },
  };
  /** The server has every payload: the first one that was put is the message. */
  const nonces: Uint8Array[] = [];
  const keep: Lie = {
    about: ['holdsPut'],
    async tell(heard) {
      nonces.push(new Uint8Array(heard.body.subarray(0, 16)));
      return heard.ask();
    },
  };
  const nonceOf = async (): Promise<Uint8Array> => nonces.find((each) => !isHeader(each)) ?? assert.fail();
  const sent = await proxy.during([ghostOf(ghost, bob.address), between, keep], () =>
    send(carol.client, draft({ to: [bob.address], subject: 'Secret', text: 'read by a ghost' })),
  );
  assert.equal(readWords, 'read by a ghost');
  assert.deepEqual(
    sent.recipients.map(({ firstUse }) => firstUse),
    [true],
  );
  const [row] = (await receive(bob.client)).arrived;
  assert.ok(row !== undefined);
  // Whoever sent it finds out, too, as soon as the true keys are shown.
  const later = await codeOf(send(carol.client, draft({ to: [canonicalAddress(bob.address)], text: 'x' })));
  return ['firstUse', ...warnings(row), later];
});

/** Own copies are whole age files. */
function isHeader(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).toString().startsWith('age-encryption');
}
