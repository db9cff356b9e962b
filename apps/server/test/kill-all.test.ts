import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driveKillAll } from './kill-all.ts';

test('server, witness and auditor killed in turn: what was acknowledged is proved, no head has a second one', async () => {
  const { killed, acknowledged } = await driveKillAll({ rounds: 3, lanes: 2 });
  assert.deepEqual(killed, { server: 1, witness: 1, auditor: 1 });
  assert.ok(acknowledged > 0);
});
