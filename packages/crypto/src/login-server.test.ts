import assert from 'node:assert/strict';
import { test } from 'node:test';
import { client, ready } from '@serenity-kit/opaque';
import { createLoginSetup, loginServer, type LoginServer } from './login-server.ts';

const names = { client: 'alice@example.org', server: 'https://example.org' };
const keyStretching = { 'argon2id-custom': { memory: 65_536, iterations: 3, parallelism: 1 } } as const;
const password = 'a long input made of account secret and password';

function registered(server: LoginServer): string {
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const registrationResponse = server.register(names.client, registrationRequest);
  return client.finishRegistration({
    clientRegistrationState,
    registrationResponse,
    password,
    identifiers: names,
    keyStretching,
  }).registrationRecord;
}

test('a login succeeds with the right password and tells which server answered', async () => {
  await ready;
  const server = await loginServer(await createLoginSetup());
  const record = registered(server);
  const started = client.startLogin({ password });
  const answer = server.start(names, record, started.startLoginRequest);
  const finished = client.finishLogin({
    clientLoginState: started.clientLoginState,
    loginResponse: answer.response,
    password,
    identifiers: names,
    keyStretching,
  });
  assert.ok(finished);
  assert.equal(finished.serverStaticPublicKey, server.publicKey);
  assert.equal(server.finish(names, answer.state, finished.finishLoginRequest), true);
  const elsewhere = server.start({ ...names, server: 'https://example.net' }, record, started.startLoginRequest);
  assert.equal(
    client.finishLogin({
      clientLoginState: started.clientLoginState,
      loginResponse: elsewhere.response,
      password,
      identifiers: names,
      keyStretching,
    }),
    undefined,
  );
  assert.equal(server.finish(names, answer.state, 'AAAA'), false);
  assert.equal(server.finish(names, 'AAAA', finished.finishLoginRequest), false);
});

test('an account that does not exist gets an answer of the same length, different each time as for one that exists', async () => {
  await ready;
  const server = await loginServer(await createLoginSetup());
  const record = registered(server);
  const { startLoginRequest, clientLoginState } = client.startLogin({ password });
  const known = server.start(names, record, startLoginRequest);
  const unknown = server.start(names, null, startLoginRequest);
  assert.equal(unknown.response.length, known.response.length);
  assert.equal(unknown.state.length, known.state.length);
  assert.notEqual(unknown.response, server.start(names, null, startLoginRequest).response);
  assert.equal(
    client.finishLogin({
      clientLoginState,
      loginResponse: unknown.response,
      password,
      identifiers: names,
      keyStretching,
    }),
    undefined,
  );
});

test('broken messages and a broken setup have their codes', async () => {
  const server = await loginServer(await createLoginSetup());
  assert.throws(() => server.register(names.client, 'AAAA'), { code: 'login_message_malformed' });
  assert.throws(() => server.start(names, null, '~'), { code: 'login_message_malformed' });
  assert.throws(() => server.start(names, 'AAAA', 'AAAA'), { code: 'login_message_malformed' });
  await assert.rejects(() => loginServer('AAAA'), { code: 'argument_invalid' });
});
