import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { formatVerifierKey, verifierKey } from '@latchkey/tlog';
import { MemoryKeyLog, testWitness } from '../../../test/memory-key-log.ts';
import { comparePolicies } from './policy-change.ts';

const names = ['north', 'south', 'east', 'west'] as const;
const witnesses = new Map(await Promise.all(names.map(async (name) => [name, await testWitness(name)] as const)));
const log = new MemoryKeyLog({ nowSeconds: () => 0 });
const logLines = log.pin.policy.split('\n').filter((line) => line.startsWith('log '));

/** Those witnesses, and how they are counted. */
function policy(who: readonly (typeof names)[number][], ...lines: readonly string[]): string {
  const known = who.map((name) => {
    const witness = witnesses.get(name);
    assert.ok(witness !== undefined);
    return `witness ${name} ${formatVerifierKey(witness.key)}`;
  });
  return `${[...logLines, ...known, ...lines].join('\n')}\n`;
}

function compare(before: string, after: string): { added: string[]; dropped: string[]; isStrict: boolean } {
  const {
    added,
    dropped,
    isAtLeastAsStrict: isStrict,
  } = comparePolicies(nodeEngine, { ...log.pin, policy: before }, after);
  return { added: added.map(({ name }) => name), dropped: dropped.map(({ name }) => name), isStrict };
}

const none = policy([], 'quorum none');
const north = policy(['north'], 'group w all north', 'quorum w');

for (const [name, before, after, isStrict] of [
  ['a first witness', none, north, true],
  ['the same', north, north, true],
  ['a second, both asked', north, policy(['north', 'south'], 'group w all north south', 'quorum w'), true],
  ['a second, either asked', north, policy(['north', 'south'], 'group w any north south', 'quorum w'), true],
  [
    'a third in the place of one of two',
    policy(['north', 'south'], 'group w all north south', 'quorum w'),
    policy(['north', 'south', 'east'], 'group w 2 north south east', 'quorum w'),
    true,
  ],
  [
    'one of three instead of two of two',
    policy(['north', 'south'], 'group w all north south', 'quorum w'),
    policy(['north', 'south', 'east'], 'group w any north south east', 'quorum w'),
    false,
  ],
  [
    'the added alone instead of two',
    policy(['north', 'south'], 'group w all north south', 'quorum w'),
    policy(['north', 'south', 'east'], 'group o all north south', 'group w any o east', 'quorum w'),
    false,
  ],
  [
    'fewer of the same',
    policy(['north', 'south'], 'group w all north south', 'quorum w'),
    policy(['north', 'south'], 'group w any north south', 'quorum w'),
    false,
  ],
  ['nobody any more', north, none, false],
  ['nobody asked', north, policy(['north'], 'quorum none'), false],
  ['another in its place', north, policy(['south'], 'group w all south', 'quorum w'), false],
  [
    'an auditor besides',
    north,
    policy(['north', 'east'], 'group w all north', 'group auditors all east', 'group b all w auditors', 'quorum b'),
    true,
  ],
  [
    'an auditor in the place of a witness, who does not sign the key log',
    policy(['north', 'south'], 'group w all north south', 'quorum w'),
    policy(
      ['north', 'south', 'east'],
      'group w any north south',
      'group auditors all east',
      'group b all w auditors',
      'quorum b',
    ),
    false,
  ],
  [
    'without the auditor',
    policy(['north', 'east'], 'group w all north', 'group auditors all east', 'group b all w auditors', 'quorum b'),
    policy(['north', 'east'], 'group w all north', 'quorum w'),
    false,
  ],
] as const) {
  test(`${name}: ${isStrict ? 'no weaker' : 'weaker'}`, () => {
    assert.equal(compare(before, after).isStrict, isStrict);
  });
}

test('who comes and who goes is told by key', () => {
  const renamed = north.replaceAll('witness north ', 'witness one ').replace('all north', 'all one');
  assert.deepEqual(compare(north, renamed), { added: [], dropped: [], isStrict: true });
  assert.deepEqual(compare(north, policy(['south'], 'group w all south', 'quorum w')), {
    added: ['south.example'],
    dropped: ['north.example'],
    isStrict: false,
  });
});

test('who is added with two keys takes somebody’s place with both alone', async () => {
  // One name, two keys: as a cosigner of both algorithms has.
  const { type, publicKey } = (await testWitness('second')).key;
  const line = `witness south2 ${formatVerifierKey(verifierKey('south.example', type, publicKey))}`;
  const counted = (how: string): string =>
    policy(['north', 'south'], line, `group s ${how} south south2`, 'group w any north s', 'quorum w');
  assert.equal(compare(north, counted('any')).isStrict, false);
  assert.equal(compare(north, counted('all')).isStrict, true);
});

test('a policy of another log, and one that is none', () => {
  const other = new MemoryKeyLog({ nowSeconds: () => 0, vrfWord: 'other' }).pin.policy;
  assert.throws(() => compare(none, other), { code: 'server_differs' });
  assert.throws(() => compare(none, 'quorum\n'), { name: 'TlogError' });
});
