import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ed25519NoteType, formatVerifierKey, parsePolicy, verifierKey } from '@latchkey/tlog';
import { AUDITOR, DOMAIN, seed, verifySignature, WITNESSES } from '../../test/small-directory.ts';
import { vrfPublicKey } from '../vrf/prove-vrf.ts';
import { openDirectory, type DirectoryPin } from './directory.ts';

const logKey = vrfPublicKey(seed('log key'));
const pin: DirectoryPin = {
  domain: DOMAIN,
  logKeys: [logKey],
  vrfPublicKey: vrfPublicKey(seed('vrf')),
  policy: parsePolicy('quorum none\n'),
  verifySignature,
};
const lines = [
  ...WITNESSES.map(({ key }, at) => `witness w${at} ${formatVerifierKey(key)}`),
  `witness a ${formatVerifierKey(AUDITOR.key)}`,
];

function opened(...more: string[]): ReturnType<typeof openDirectory> {
  return openDirectory({ ...pin, policy: parsePolicy([...lines, ...more, ''].join('\n')) });
}

test('each log has its own origin, and its own keys in its policy', () => {
  const { keys, index } = openDirectory({ ...pin, logKeys: [logKey, new Uint8Array(1312)] });
  assert.match(keys.origin, /^example\.org\/latchkey\/keys\/[\w-]{22}$/u);
  assert.match(index.origin, /^example\.org\/latchkey\/index\/[\w-]{22}$/u);
  for (const { origin, policy } of [keys, index]) {
    assert.deepEqual(
      policy.logs.map(({ key }) => [key.name, key.type.name, key.publicKey.length]),
      [
        [origin, 'ed25519', 32],
        [origin, 'mldsa44-cosignature', 1312],
      ],
    );
  }
});

test('a policy may name this directory’s logs, and no other', () => {
  const { index } = openDirectory(pin);
  const ours = formatVerifierKey(verifierKey(index.origin, ed25519NoteType, logKey));
  const foreign = formatVerifierKey(verifierKey('example.org/other', ed25519NoteType, logKey));
  const otherKey = formatVerifierKey(verifierKey(index.origin, ed25519NoteType, vrfPublicKey(seed('other'))));
  assert.doesNotThrow(() => opened(`log ${ours}`, 'quorum none'));
  for (const line of [foreign, otherKey]) {
    assert.throws(() => opened(`log ${line}`, 'quorum none'), { name: 'KeyDirectoryError', code: 'policy_unfit' });
  }
});

test('auditors cosign the index log only: the key log’s policy is the rest', () => {
  const { keys, index } = opened('group w 2 w0 w1 w2', 'group auditors any a', 'group q all auditors w', 'quorum q');
  assert.deepEqual(keys.policy.groups.at(-1), { name: 'q', threshold: 1, members: ['w'] });
  assert.deepEqual(index.policy.groups.at(-1), { name: 'q', threshold: 2, members: ['auditors', 'w'] });
});

test('a policy without auditors is one for both logs', () => {
  const { keys, index } = opened('group w 2 w0 w1 w2', 'quorum w');
  assert.deepEqual(keys.policy.groups, index.policy.groups);
  assert.equal(opened('quorum w0').keys.policy.quorum, 'w0');
});

test('a policy whose quorum auditors could make alone is refused', () => {
  const unfit = { name: 'KeyDirectoryError', code: 'policy_unfit' };
  assert.throws(() => opened('group auditors any a', 'quorum auditors'), unfit);
  assert.throws(() => opened('group auditors any a', 'group q all auditors', 'quorum q'), unfit);
  assert.throws(() => opened('group auditors any a', 'group q 1 auditors w0', 'quorum q'), unfit);
});

test('keys that are none open nothing', () => {
  const invalid = { code: 'argument_invalid' };
  assert.throws(() => openDirectory({ ...pin, vrfPublicKey: new Uint8Array(32) }), invalid);
  assert.throws(() => openDirectory({ ...pin, logKeys: [] }), invalid);
  assert.throws(() => openDirectory({ ...pin, domain: 'Example.org' }), invalid);
});
