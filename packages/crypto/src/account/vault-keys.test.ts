import assert from 'node:assert/strict';
import { createHash, hkdfSync } from 'node:crypto';
import { test } from 'node:test';
import { nodeEngine } from '../engine-node/index.ts';
import { accountIdOf, vaultEpochSecret } from './vault-keys.ts';

const place = { address: 'alice@example.org', origin: 'https://mail.example.org' };

test('an account is named by address and origin, as the specification writes it', async () => {
  const text = 'latchkey/v1/account\0alice@example.org\0https://mail.example.org';
  const expected = createHash('sha256').update(text).digest().subarray(0, 16);
  assert.deepEqual(Buffer.from(await accountIdOf(nodeEngine, place)), expected);
  for (const other of [
    { ...place, address: 'bob@example.org' },
    { ...place, origin: 'https://example.org' },
  ]) {
    assert.notDeepEqual(Buffer.from(await accountIdOf(nodeEngine, other)), expected);
  }
});

test('the vault’s epoch secret comes from the root and the space', async () => {
  const [root, vault] = [new Uint8Array(32).fill(7), new Uint8Array(16).fill(9)];
  const expected = hkdfSync('sha256', root, vault, 'latchkey/v1/vault', 32);
  assert.deepEqual(await vaultEpochSecret(nodeEngine, root, vault), new Uint8Array(expected));
  await assert.rejects(vaultEpochSecret(nodeEngine, root.subarray(1), vault), { code: 'argument_invalid' });
  await assert.rejects(vaultEpochSecret(nodeEngine, root, vault.subarray(1)), { code: 'argument_invalid' });
});
