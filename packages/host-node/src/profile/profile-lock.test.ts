import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sourceUrl, startChild, type TestChild } from '../../test/child-process.ts';
import { ProfileLock } from './profile-lock.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-lock-'));
  path = join(folder, 'lock');
});
const children: TestChild[] = [];
afterEach(async () => {
  for (const child of children) child.process.kill('SIGKILL');
  await Promise.allSettled(children.splice(0).map(({ ended }) => ended));
  rmSync(folder, { recursive: true });
});

const newLock = (patienceMs = 20_000): ProfileLock => new ProfileLock(path, { patienceMs, prepare: () => undefined });

/** Holds the lock and says so, for ever unless told otherwise. */
function holder(work = 'await new Promise(() => setInterval(() => undefined, 1_000));'): TestChild {
  const child = startChild(`
    import { readFileSync, writeFileSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    const { ProfileLock } = await import(${JSON.stringify(sourceUrl('profile/profile-lock.ts'))});
    const lock = new ProfileLock(${JSON.stringify(path)}, { prepare: () => undefined });
    const count = ${JSON.stringify(join(folder, 'count'))};
    const hold = (work) => lock.hold(async () => { console.log('held'); await work(); });
    await hold(async () => { ${work} });
  `);
  children.push(child);
  return child;
}

test('a process that is killed while it has the lock gives it back', async () => {
  const child = holder();
  assert.equal(await child.firstLine, 'held');
  await assert.rejects(
    newLock(150).hold(() => Promise.resolve()),
    { code: 'profile_busy' },
  );
  const waiting = newLock().hold(() => Promise.resolve('mine'));
  child.process.kill('SIGKILL');
  assert.equal(await child.ended, 'SIGKILL');
  const killedMs = performance.now();
  assert.equal(await waiting, 'mine');
  assert.ok(performance.now() - killedMs < 2_000, 'nothing stale was waited for');
});

test('processes that fight for it go one after the other, also when some are killed', async () => {
  writeFileSync(join(folder, 'count'), '0');
  const addOne = `
    const before = Number(readFileSync(count, 'utf8'));
    await sleep(2);
    writeFileSync(count, String(before + 1));`;
  const many = `}); for (let times = 0; times < 24; times++) await hold(async () => { ${addOne}`;
  const counting = [holder(many), holder(many), holder(many)];
  const victims = [holder(), holder()];
  for (const victim of victims) void victim.firstLine.then(() => victim.process.kill('SIGKILL'));
  assert.deepEqual(await Promise.all(counting.map(({ ended }) => ended)), [0, 0, 0]);
  assert.deepEqual(await Promise.all(victims.map(({ ended }) => ended)), ['SIGKILL', 'SIGKILL']);
  assert.equal(readFileSync(join(folder, 'count'), 'utf8'), '72');
});

test('callers of one process go in their order, also after one that fails', async () => {
  const lock = newLock();
  const seen: string[] = [];
  const slow = lock.hold(async () => {
    seen.push('first begins');
    await sleep(30);
    seen.push('first ends');
  });
  const failing = lock.hold(() => Promise.reject(new Error('planted')));
  const last = lock.hold(async () => seen.push('last'));
  await assert.rejects(failing, /planted/);
  await Promise.all([slow, last]);
  assert.deepEqual(seen, ['first begins', 'first ends', 'last']);
});

test('work that will never end keeps its lock, even where nothing refers to it any more', async () => {
  const child = holder('setTimeout(gc, 20); setInterval(() => undefined, 1_000); await new Promise(() => undefined);');
  await child.firstLine;
  await assert.rejects(
    newLock(300).hold(() => Promise.resolve()),
    { code: 'profile_busy' },
  );
});

test('two locks of one process keep each other out', async () => {
  let inside = 0;
  const work = async (): Promise<void> => {
    assert.equal(++inside, 1);
    await sleep(5);
    inside -= 1;
  };
  await Promise.all([newLock().hold(work), newLock().hold(work), newLock().hold(work)]);
});

test('work inside work goes on at once; what it leaves running has the lock no more', async () => {
  const lock = newLock();
  let left: Promise<string> | undefined;
  const released = Promise.withResolvers<void>();
  const answer = await lock.hold(async () => {
    left = released.promise.then(() => lock.hold(() => Promise.resolve('later')));
    return lock.hold(() => lock.hold(() => Promise.resolve('inside')));
  });
  assert.equal(answer, 'inside');
  const child = holder();
  await child.firstLine;
  released.resolve();
  const early = await Promise.race([left, sleep(200, 'still waiting')]);
  assert.equal(early, 'still waiting');
  child.process.kill('SIGKILL');
  assert.equal(await left, 'later');
  await child.ended;
});

test('a file of anything else in its place is emptied, and is for its owner alone', async () => {
  writeFileSync(path, 'this is no database, '.repeat(500), { mode: 0o600 });
  assert.equal(await newLock().hold(() => Promise.resolve(1)), 1);
  assert.equal(statSync(path).size, 0);
  rmSync(path);
  await newLock().hold(() => Promise.resolve());
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a lock that cannot be is said by our codes', async () => {
  rmSync(path, { force: true });
  const nowhere = new ProfileLock(join(folder, 'none', 'lock'), { prepare: () => undefined });
  await assert.rejects(
    nowhere.hold(() => Promise.resolve()),
    { code: 'file_not_found' },
  );
});
