import { test } from 'node:test';
import { startKiller, type Deed, type Victim } from './kill-anything.ts';
import { sandbox } from './sandbox.ts';

// What no other test kills; every deed many times is kill-anything.soak.ts.
const rounds: readonly (readonly [Deed, Victim])[] = [
  ['password', 'server'],
  ['lost', 'client'],
];

test('a client or the server is killed in the middle of a change: the same command again ends it', async (t) => {
  const killer = await startKiller(sandbox(t), 0);
  try {
    for (const [deed, victim] of rounds) await killer.round(deed, victim);
  } finally {
    await killer.stop();
  }
});
