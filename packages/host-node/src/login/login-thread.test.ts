import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { loginServer, createLoginSetup } from '@latchkey/crypto/login-server';
import { startChild, sourceUrl } from '../../test/child-process.ts';
import { LoginThread } from './login-thread.ts';

const names = { client: 'alice@example.org', server: 'https://mail.example.org' };

test('a registration and logins in the thread are what the server expects, and the thread ends with each', async () => {
  const workers: Promise<unknown>[] = [];
  const count = (worker: Worker): void => void workers.push(once(worker, 'exit'));
  process.on('worker', count);
  try {
    const server = await loginServer(await createLoginSetup());
    const thread = new LoginThread();
    assert.equal(workers.length, 0, 'no thread before the first step');

    const registration = await thread.startRegistration('the input');
    const response = server.register(names.client, registration.request);
    const registered = await thread.finishRegistration({
      input: 'the input',
      state: registration.state,
      response,
      names,
    });
    assert.equal(registered.serverKey, server.publicKey);

    const start = await thread.startLogin('the input');
    const started = server.start(names, registered.record, start.request);
    const given = { input: 'the input', state: start.state, response: started.response, names };
    const finished = await thread.finishLogin(given);
    assert.ok(finished !== null && server.finish(names, started.state, finished.finish));
    assert.deepEqual(finished.exportKey, registered.exportKey);
    assert.ok(finished.exportKey instanceof Uint8Array && finished.exportKey.length === 64);

    const wrong = await thread.startLogin('another input');
    const refused = server.start(names, registered.record, wrong.request);
    const other = { input: 'another input', state: wrong.state, response: refused.response, names };
    assert.equal(await thread.finishLogin(other), null);

    const lost = await thread.startLogin('the input');
    const malformed = { input: 'the input', state: lost.state, response: 'AAAA', names };
    await assert.rejects(thread.finishLogin(malformed), { code: 'login_message_malformed' });

    assert.equal(workers.length, 4);
    await Promise.all(workers);
    await thread.close();
  } finally {
    process.off('worker', count);
  }
});

test('a thread that is ended at work says so', async () => {
  const thread = new LoginThread();
  const start = assert.rejects(thread.startLogin('the input'), { code: 'thread_failed' });
  await thread.close();
  await start;
});

test('an idle thread does not hold the process', async () => {
  const child = startChild(`
    const { LoginThread } = await import(${JSON.stringify(sourceUrl('login/login-thread.ts'))});
    await new LoginThread().startLogin('the input');
    console.log('started');
  `);
  assert.equal(await child.firstLine, 'started');
  assert.equal(await child.ended, 0);
});
