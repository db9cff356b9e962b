import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeEngine } from '../engine-node/node-engine.ts';
import type { Engine } from '../engine/engine.ts';
import { ACCOUNT_SECRET_BYTES, makeAccountSecret } from './account-secret.ts';
import { passwordInput, passwordKek } from './password.ts';

const accountSecret = new Uint8Array(16).fill(1);
const exportKey = new Uint8Array(64).fill(2);
const address = 'alice@example.org';
const origin = 'https://example.org';

test('an account secret is 16 bytes of the engine’s randomness', () => {
  const asked: number[] = [];
  const engine: Engine = {
    ...nodeEngine,
    randomBytes(lengthBytes) {
      asked.push(lengthBytes);
      return nodeEngine.randomBytes(lengthBytes);
    },
  };
  const [one, other] = [makeAccountSecret(engine), makeAccountSecret(engine)];
  assert.notDeepEqual(one, other);
  assert.deepEqual([one.length, other.length], [ACCOUNT_SECRET_BYTES, ACCOUNT_SECRET_BYTES]);
  assert.deepEqual(asked, [16, 16]);
});

test('what was joined for HKDF is zeroed when done, also after a failure; what belongs to the caller is not', async () => {
  const given: Uint8Array[] = [];
  const engine: Engine = {
    ...nodeEngine,
    hkdfSha256(input) {
      given.push(input.secret);
      return nodeEngine.hkdfSha256(input);
    },
  };
  const failing: Engine = {
    ...nodeEngine,
    hkdfSha256(input) {
      given.push(input.secret);
      throw new Error('planted');
    },
  };
  const input = { accountSecret, password: 'a password', address, origin };
  const kek = { exportKey, accountSecret, address, generation: 1 };
  assert.equal((await passwordInput(engine, input)).length, 43);
  assert.equal((await passwordKek(engine, kek)).length, 32);
  await assert.rejects(() => passwordInput(failing, input), /planted/);
  await assert.rejects(() => passwordKek(failing, kek), /planted/);
  assert.deepEqual(
    given.map(({ length }) => length),
    [26, 80, 26, 80],
  );
  for (const secret of given) assert.ok(secret.every((byte) => byte === 0));
  assert.ok(accountSecret.every((byte) => byte === 1) && exportKey.every((byte) => byte === 2));
});
