import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoginLine, type LoginQuestion, type LoginWorker } from './login-line.ts';

/** Stands for the worker: what it was asked, and whether it was ended. */
class FakeWorker extends EventTarget {
  readonly asked: LoginQuestion[] = [];
  isEnded = false;

  postMessage(question: LoginQuestion): void {
    this.asked.push(question);
  }

  answer(reply: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: reply }));
  }

  terminate(): void {
    this.isEnded = true;
  }
}

function lineWith(readyWithinMs?: number): { readonly line: LoginLine; readonly started: FakeWorker[] } {
  const started: FakeWorker[] = [];
  const line = new LoginLine(() => {
    const worker = new FakeWorker();
    started.push(worker);
    return worker as unknown as LoginWorker;
  }, readyWithinMs);
  return { line, started };
}

const last = {} as Parameters<LoginLine['finishLogin']>[0];

test('the worker begins with the first step and ends with the last, whatever that says', async () => {
  const { line, started } = lineWith();
  assert.equal(started.length, 0);
  const begun = line.startLogin('secret');
  const [worker] = started;
  assert.ok(worker !== undefined);
  assert.deepEqual(worker.asked, [{ id: 0, step: 'startLogin', given: 'secret' }]);
  worker.answer({ id: 0, answer: { state: 's', request: 'r' } });
  assert.deepEqual(await begun, { state: 's', request: 'r' });
  assert.equal(worker.isEnded, false);
  const refused = line.finishLogin(last);
  worker.answer({ id: 1, failure: { message: 'no', code: 'login_malformed' } });
  await assert.rejects(refused, { code: 'login_malformed', message: 'no' });
  assert.ok(worker.isEnded, 'its memory held the password');
  void line.startLogin('again').catch(() => undefined);
  assert.equal(started.length, 2);
  line.close();
});

test('a worker that never becomes ready is ended, and who waits is told; who is ready has all the time', async () => {
  const { line, started } = lineWith(5);
  await assert.rejects(line.startLogin('a'), { code: 'thread_failed' });
  assert.ok(started[0]?.isEnded);
  const asked = line.startLogin('b');
  started[1]?.answer({ ready: true });
  await new Promise((resolve) => setTimeout(resolve, 20));
  started[1]?.answer({ id: 1, answer: 'true' });
  assert.equal(await asked, 'true');
  assert.equal(started.length, 2);
});

test('a worker that fails, or is ended, leaves nobody waiting', async () => {
  const { line, started } = lineWith();
  const one = line.startLogin('a');
  started[0]?.dispatchEvent(new Event('error'));
  await assert.rejects(one, { code: 'thread_failed' });
  const other = line.startRegistration('b');
  line.close();
  await assert.rejects(other, { code: 'thread_failed' });
  assert.ok(started[1]?.isEnded);
});

test('an answer to a question that nobody asked is nothing', async () => {
  const { line, started } = lineWith();
  const asked = line.startLogin('a');
  started[0]?.answer({ id: 7, answer: 'forged' });
  started[0]?.answer({ id: 0, answer: 'true' });
  assert.equal(await asked, 'true');
});
