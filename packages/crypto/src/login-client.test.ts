import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loginClient, type LoginClient, type LoginNames } from './login-client.ts';
import { createLoginSetup, loginServer, type LoginServer } from './login-server.ts';

const names: LoginNames = { client: 'alice@example.org', server: 'https://example.org' };
const input = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';

interface Registration {
  readonly client: LoginClient;
  readonly server: LoginServer;
  readonly record: string;
  readonly exportKey: Uint8Array;
}

async function registered(): Promise<Registration> {
  const client = await loginClient();
  const server = await loginServer(await createLoginSetup());
  const { state, request } = await client.startRegistration(input);
  const response = server.register(names.client, request);
  const finished = await client.finishRegistration({ input, state, response, names });
  assert.equal(finished.serverKey, server.publicKey);
  return { client, server, record: finished.record, exportKey: finished.exportKey };
}

test('the library is ready when the client is', async () => {
  const { request } = await (await loginClient()).startLogin(input);
  assert.match(request, /^[\w-]{128}$/);
});

test('a login gives the export key of the registration and the server that answered', async () => {
  const { client, server, record, exportKey } = await registered();
  assert.equal(exportKey.length, 64);
  const { state, request } = await client.startLogin(input);
  const answer = server.start(names, record, request);
  const finished = await client.finishLogin({ input, state, response: answer.response, names });
  assert.ok(finished !== null);
  assert.deepEqual(finished.exportKey, exportKey);
  assert.equal(finished.serverKey, server.publicKey);
  assert.equal(server.finish(names, answer.state, finished.finish), true);
});

test('another input, other names, another server and no record at all are one answer: null', async () => {
  const { client, server, record } = await registered();
  const { state, request } = await client.startLogin(input);
  const { response } = server.start(names, record, request);
  const elsewhere = { ...names, server: 'https://example.net' };
  const another = await client.startLogin('another input');
  const otherServer = await loginServer(await createLoginSetup());
  const given = { input, state, response, names };
  for (const [what, changed] of Object.entries({
    input: {
      ...given,
      ...another,
      input: 'another input',
      response: server.start(names, record, another.request).response,
    },
    names: { ...given, names: elsewhere },
    address: { ...given, names: { ...names, client: 'bob@example.org' } },
    'names at the server': { ...given, response: server.start(elsewhere, record, request).response },
    server: { ...given, response: otherServer.start(names, record, request).response },
    record: { ...given, response: server.start(names, null, request).response },
  })) {
    assert.equal(await client.finishLogin(changed), null, what);
  }
});

test('a message that is not one has its code, and nothing of it is told', async () => {
  const { client, server, record } = await registered();
  const registration = await client.startRegistration(input);
  const registerResponse = server.register(names.client, registration.request);
  const login = await client.startLogin(input);
  const loginResponse = server.start(names, record, login.request).response;
  for (const broken of ['', 'AAAA', '~', '='].flatMap((end) => [end, registerResponse + end, loginResponse + end])) {
    const malformed = (thrown: Error & { code?: string }): boolean =>
      thrown.code === 'login_message_malformed' && thrown.cause === undefined && !thrown.message.includes(input);
    if (broken !== registerResponse) {
      const given = { input, state: registration.state, response: broken, names };
      await assert.rejects(() => client.finishRegistration(given), malformed, broken);
    }
    if (broken !== loginResponse) {
      await assert.rejects(() => client.finishLogin({ input, state: login.state, response: broken, names }), malformed);
    }
  }
  const zeros = (text: string): string => 'A'.repeat(text.length);
  const malformed = { code: 'login_message_malformed' };
  await assert.rejects(
    () => client.finishRegistration({ input, state: registration.state, response: zeros(registerResponse), names }),
    malformed,
  );
  await assert.rejects(
    () => client.finishLogin({ input, state: login.state, response: zeros(loginResponse), names }),
    malformed,
  );
  await assert.rejects(() => client.finishLogin({ input, state: 'AAAA', response: loginResponse, names }), malformed);
  const lastChanged = `${registerResponse.slice(0, -1)}${registerResponse.endsWith('B') ? 'C' : 'B'}`;
  await assert.rejects(
    () => client.finishRegistration({ input, state: registration.state, response: lastChanged, names }),
    malformed,
  );
});
