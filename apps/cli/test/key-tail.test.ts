import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { registered } from './person.ts';
import { sandbox } from './sandbox.ts';
import { serverProcess } from './server-process.ts';

describe('latchkey keys tail', () => {
  it('reads the key log, replays its heads, and goes on from there', async (t) => {
    const box = sandbox(t);
    const { origin } = await serverProcess(t);
    const alice = registered(box, origin, 'alice@localhost');
    const first = alice.json(['keys', 'tail', '--once']);
    assert.deepEqual(first['tail'], {
      isComplete: true,
      leaves: { read: 1, of: 1 },
      heads: { first: 0, read: 1, of: 1 },
      own: [0],
    });
    registered(box, origin, 'bob@localhost');
    const told = alice.does(['keys', 'tail', '--once']).out;
    assert.match(told, /^2 leaves read, of 2\.$/m);
    assert.match(told, /^Heads 0 to 1: the map of each is what a replay of the leaves gives\.$/m);
    assert.match(told, /^Yours: leaf 0; your vault knows all of them\.$/m);
  });

  it('belongs to tail alone', (t) => {
    const { status, err } = sandbox(t).run(['keys', 'show', 'bob@localhost', '--once']);
    assert.equal(status, 2);
    assert.match(err, /--once belongs to tail/);
  });
});
