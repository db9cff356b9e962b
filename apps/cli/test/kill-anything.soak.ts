import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEEDS, startKiller } from './kill-anything.ts';
import { sandbox } from './sandbox.ts';

const share = Number(process.env['LATCHKEY_SOAK_SHARE'] ?? '1');
const rounds = Math.max(DEEDS.length * 2, Math.round(1_000 * share));

test('whatever is killed wherever, nothing acknowledged is lost', async (t) => {
  const killer = await startKiller(sandbox(t), 2);
  let killed = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      const deed = DEEDS[round % DEEDS.length] ?? 'send';
      const victim = Math.floor(round / DEEDS.length) % 2 === 0 ? 'client' : 'server';
      if (await killer.round(deed, victim)) killed += 1;
    }
  } finally {
    await killer.stop();
  }
  console.log(`soak-figures ${JSON.stringify({ rounds, killed })}`);
  assert.ok(killed >= rounds / 4, 'nearly nothing was killed in the middle');
});
