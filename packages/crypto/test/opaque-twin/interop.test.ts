/** The library of the product against the twin, each way: two implementations that share no code. */
import assert from 'node:assert/strict';
import { argon2Sync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { loginClient } from '../../src/login-client.ts';
import { createLoginSetup, loginServer } from '../../src/login-server.ts';
import { blindedPassword, type ClientParty, finishLogin, finishRegistration, startLogin } from './client.ts';
import * as server from './server.ts';
import { SUITES } from './suites.ts';

const names = { client: 'alice@example.org', server: 'https://example.org' };
const input = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const suite = SUITES.ristretto255;
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const bytes = (encoded: string): Uint8Array => Uint8Array.from(Buffer.from(encoded, 'base64url'));
const random = (lengthBytes = 32): Uint8Array => Uint8Array.from(randomBytes(lengthBytes));
const scalar = (): Uint8Array => suite.oprf.randomScalar(random(64));

/** docs/spec/05-account.md, "Login". */
const stretch = (message: Uint8Array): Uint8Array =>
  argon2Sync('argon2id', {
    message,
    nonce: Buffer.alloc(16),
    memory: 65_536,
    passes: 3,
    parallelism: 1,
    tagLength: 64,
  });

const party = {
  suite,
  context: new Uint8Array(0),
  identities: { client: utf8(names.client), server: utf8(names.server) },
} as const;

function twinClient(password = input): ClientParty {
  return { ...party, stretch, password: utf8(password) };
}

function twinServer(): server.ServerParty {
  return { ...party, oprfSeed: random(64), keys: suite.deriveDiffieHellmanKeyPair(random()) };
}

const loginRandom = () => ({ blind: scalar(), nonce: random(), keyshareSeed: random() });

test('a client of the twin registers and logs in with our server', async () => {
  const ours = await loginServer(await createLoginSetup());
  const client = twinClient();
  const blind = scalar();
  const response = ours.register(names.client, text(blindedPassword(client, blind)));
  const registered = finishRegistration(client, { blind, envelopeNonce: random() }, bytes(response));
  assert.equal(text(registered.serverPublicKey), ours.publicKey);

  const fresh = loginRandom();
  const answer = ours.start(names, text(registered.record), text(startLogin(client, fresh)));
  const finished = finishLogin(client, fresh, bytes(answer.response));
  assert.ok(finished !== null);
  assert.deepEqual(finished.exportKey, registered.exportKey);
  assert.equal(text(finished.serverPublicKey), ours.publicKey);
  assert.equal(ours.finish(names, answer.state, text(finished.clientMac)), true);

  const wrong = { ...client, password: utf8('another input') };
  const wrongAnswer = ours.start(names, text(registered.record), text(startLogin(wrong, fresh)));
  assert.equal(finishLogin(wrong, fresh, bytes(wrongAnswer.response)), null);
  const changed = Buffer.from(finished.clientMac);
  changed[0] = (changed[0] ?? 0) ^ 1;
  assert.equal(ours.finish(names, answer.state, text(changed)), false);
});

test('our client registers and logs in with a server of the twin', async () => {
  const ours = await loginClient();
  const twin = twinServer();
  const identifier = utf8(names.client);
  const registration = await ours.startRegistration(input);
  const registered = await ours.finishRegistration({
    input,
    names,
    state: registration.state,
    response: text(server.register(twin, identifier, bytes(registration.request))),
  });
  assert.equal(registered.serverKey, text(twin.keys.publicKey));

  const login = await ours.startLogin(input);
  const start = (record: Uint8Array): server.ServerAnswer =>
    server.startLogin(twin, {
      credentialIdentifier: identifier,
      record,
      ke1: bytes(login.request),
      maskingNonce: random(),
      nonce: random(),
      keyshareSeed: random(),
    });
  const answer = start(bytes(registered.record));
  const finished = await ours.finishLogin({ input, names, state: login.state, response: text(answer.ke2) });
  assert.ok(finished !== null);
  assert.equal(finished.finish, text(answer.clientMac));
  assert.deepEqual(finished.exportKey, registered.exportKey);
  assert.equal(finished.serverKey, text(twin.keys.publicKey));

  const fake = Buffer.concat([suite.deriveDiffieHellmanKeyPair(random()).publicKey, random(64), Buffer.alloc(96)]);
  const refused = await ours.finishLogin({ input, names, state: login.state, response: text(start(fake).ke2) });
  assert.equal(refused, null);
});

test('both clients make the same keys of one registration: the twin logs in where ours registered', async () => {
  const ours = await loginClient();
  const oursServer = await loginServer(await createLoginSetup());
  const { state, request } = await ours.startRegistration(input);
  const registered = await ours.finishRegistration({
    input,
    names,
    state,
    response: oursServer.register(names.client, request),
  });
  const client = twinClient();
  const fresh = loginRandom();
  const answer = oursServer.start(names, registered.record, text(startLogin(client, fresh)));
  const finished = finishLogin(client, fresh, bytes(answer.response));
  assert.deepEqual(finished?.exportKey, registered.exportKey);
});
