import assert from 'node:assert/strict';
import { it } from 'node:test';
import { person, registered, type Person } from './person.ts';
import { sandbox, type Ran } from './sandbox.ts';
import { serverProcess } from './server-process.ts';

/** New leaves are visible within ten seconds. */
function until(what: string, run: () => Ran, isSo: (ran: Ran) => boolean): Ran {
  const untilMs = Date.now() + 20_000;
  for (;;) {
    const ran = run();
    if (isSo(ran)) return ran;
    assert.ok(Date.now() < untilMs, `${what}: ${ran.status} ${ran.out} ${ran.err}`);
  }
}

function sends(from: Person, to: Person): Ran {
  return from.run(['send', '--to', to.address, '--subject', 'Hello'], { input: 'For you alone.\n' });
}

it('a reset that the owner did not make is announced, told to everybody, and vetoed', async (t) => {
  const box = sandbox(t);
  const { origin } = await serverProcess(t);
  const alice = registered(box, origin, 'alice@localhost');
  const bob = registered(box, origin, 'bob@localhost');
  assert.equal(sends(alice, bob).status, 0);
  assert.equal(bob.run(['keys', 'veto']).status, 12);

  const thief = person(box, bob.address, 'thief');
  const resetting = ['keys', 'reset', bob.address, '--kit', 'bob-kit.html', '--server', origin];
  const needless = thief.run(resetting);
  assert.match(needless.err, /The recovery kit opens the account as it is.*\[reset_needless\]/s);
  const announced = thief.json([...resetting, '--without-vault']);
  assert.deepEqual([announced['reset'], announced['version']], ['announced', 1]);
  assert.match(thief.does(resetting).out, /^They count from \d{4}-.*Run the same command again then/m);

  const told = until(
    'bob is told',
    () => bob.run(['keys', 'show', alice.address]),
    ({ status }) => status !== 0,
  );
  assert.equal(told.status, 13, told.err);
  assert.match(told.err, /SOMEBODY HAS ANNOUNCED OTHER KEYS FOR YOUR ADDRESS.*latchkey keys veto, now/s);
  assert.match(alice.does(['keys', 'show', bob.address]).out, /^Reset {5}announced; new keys count from /m);
  const warned = sends(alice, bob);
  assert.equal(warned.status, 0, warned.err);
  assert.match(warned.err, /bob@localhost has announced other keys.*\[key_reset_announced\]/);
  const vetoed = bob.json(['keys', 'veto']);
  assert.equal((vetoed['vetoed'] as { version: number }).version, 1);
  assert.doesNotMatch(alice.does(['keys', 'show', bob.address]).out, /^Reset/m);
  assert.equal(bob.inbox().filter((row) => row['verified']).length, 2, 'it was sealed to the keys that bob has');
  assert.equal(sends(bob, alice).status, 0);
  const after = thief.run(resetting);
  assert.match(after.err, /were vetoed.*\[reset_vetoed\]/s);
});
