import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoginLine, type LoginQuestion } from './login-line.ts';

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

function lineWith(patienceMs?: readonly number[]): { readonly line: LoginLine; readonly started: FakeWorker[] } {
  const started: FakeWorker[] = [];
  const line = new LoginLine(() => {
    const worker = new FakeWorker();
    started.push(worker);
    return worker as unknown as Worker;
  }, patienceMs);
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

test('a worker that never becomes ready is replaced, and what was asked is asked again; not for ever', async () => {
  const { line, started } = lineWith([5, 5]);
  const asked = line.startLogin('a');
  await new Promise((resolve) => setTimeout(resolve, 7));
  assert.deepEqual(
    started.map(({ isEnded }) => isEnded),
    [true, false],
  );
  assert.deepEqual(started[1]?.asked, started[0]?.asked);
  started[1]?.answer({ ready: true });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(started.length, 2, 'who is ready has all the time');
  started[1]?.answer({ id: 0, answer: 'true' });
  assert.equal(await asked, 'true');

  const other = lineWith([1, 1]);
  await assert.rejects(other.line.startLogin('a'), { code: 'thread_failed' });
  assert.deepEqual(
    other.started.map(({ isEnded }) => isEnded),
    [true, true],
  );
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
