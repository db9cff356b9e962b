import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ed25519Cosigner, ed25519Key, mldsa44Cosigner } from '../../test/platform-key.ts';
import { MAX_POLICY_CHARS, MAX_POLICY_LINES } from '../limits.ts';
import { ed25519NoteType } from '../note/signature-type.ts';
import { formatVerifierKey, verifierKey, type VerifierKey } from '../note/verifier-key.ts';
import { formatPolicy } from './format-policy.ts';
import { parsePolicy } from './parse-policy.ts';
import { quorumReached } from './quorum.ts';

const log = formatVerifierKey(ed25519Key('example.com/log').key);
const keys = Array.from({ length: 6 }, (_, place) => ed25519Cosigner(`w${place}.example.com`).key);
const [x1, x2, x3, y1, y2, y3] = keys.map(formatVerifierKey) as [string, string, string, string, string, string];

// The shape of the example of C2SP tlog-policy, with tabs, comments and white space.
const example = `
# who looks after the log
log ${log} https://example.com/log

witness X1 ${x1}
witness X2 ${x2}   https://w1.example.com/submit\t
\twitness X3 ${x3}
group X-witnesses 2 X1 X2 X3

witness Y1 ${y1}
witness Y2 ${y2}
witness Y3 ${y3}
  # either of them
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`;

test('the example of the specification is read', () => {
  const policy = parsePolicy(example);
  assert.deepEqual(
    policy.logs.map(({ key, url }) => [key.name, url]),
    [['example.com/log', 'https://example.com/log']],
  );
  assert.deepEqual(
    policy.witnesses.map(({ name, key, url }) => [name, key, url]),
    ['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'].map((name, place) => [
      name,
      keys[place],
      name === 'X2' ? 'https://w1.example.com/submit' : null,
    ]),
  );
  assert.deepEqual(policy.groups, [
    { name: 'X-witnesses', threshold: 2, members: ['X1', 'X2', 'X3'] },
    { name: 'Y-witnesses', threshold: 1, members: ['Y1', 'Y2', 'Y3'] },
    { name: 'X-and-Y', threshold: 2, members: ['X-witnesses', 'Y-witnesses'] },
  ]);
  assert.equal(policy.quorum, 'X-and-Y');
  assert.deepEqual(parsePolicy(formatPolicy(policy)), policy);
});

test('a quorum is counted group by group', () => {
  const policy = parsePolicy(example);
  for (const [names, enough] of [
    ['X1 X2 Y1', true],
    ['X1 X3 Y3', true],
    ['X1 X2 X3 Y1 Y2 Y3', true],
    ['X1 X2 X3', false],
    ['X1 Y1 Y2 Y3', false],
    ['X-and-Y', false],
    ['X-witnesses Y-witnesses', false],
    ['', false],
  ] as const) {
    assert.equal(quorumReached(policy, names.split(' ')), enough, names);
  }
  assert.ok(quorumReached(parsePolicy('quorum none\n'), []));
  const one = parsePolicy(`witness w ${x1}\nquorum w\n`);
  assert.ok(quorumReached(one, ['w']));
  assert.ok(!quorumReached(one, []));
});

test('names are opaque: look-alikes are two names', () => {
  const policy = parsePolicy(`witness K ${x1}\nwitness \u212a ${x2}\ngroup all 1 K \u212a\nquorum all\n`);
  assert.deepEqual(policy.groups[0]?.members, ['K', '\u212a']);
});

const sameKey = (type: typeof ed25519NoteType, name: string): string =>
  formatVerifierKey(verifierKey(name, type, (keys[0] as VerifierKey).publicKey));
const witnesses = `witness a ${x1}\nwitness b ${x2}\n`;
for (const [name, text] of [
  ['nothing', ''],
  ['no quorum', witnesses],
  ['two quorums', 'quorum none\nquorum none\n'],
  ['no newline at the end', 'quorum none'],
  ['a carriage return', 'quorum none\r\n'],
  ['a control character in a comment', '#\u0000\nquorum none\n'],
  ['the character 127', '#\u007f\nquorum none\n'],
  ['half a surrogate pair', '#\ud800\nquorum none\n'],
  ['white space that is not ASCII', 'quorum\u00a0none\n'],
  ['an unknown word', 'quorums none\n'],
  ['a word in capitals', 'Quorum none\n'],
  ['a quorum without name', 'quorum\n'],
  ['a quorum of two', `${witnesses}quorum a b\n`],
  ['a quorum that nobody defines', `${witnesses}quorum c\n`],
  ['a quorum that is defined after it', `quorum a\n${witnesses}`],
  ['a log without key', 'log\nquorum none\n'],
  ['a log with too much', `log ${log} u u\nquorum none\n`],
  ['a log with a broken key', `log ${log.slice(0, -1)}\nquorum none\n`],
  ['a log with the key of a witness', `log ${x1}\nquorum none\n`],
  ['a log twice', `log ${log}\nlog ${log}\nquorum none\n`],
  [
    'a log under two names',
    `log ${sameKey(ed25519NoteType, 'a')}\nlog ${sameKey(ed25519NoteType, 'b')}\nquorum none\n`,
  ],
  ['a witness without key', 'witness a\nquorum none\n'],
  ['a witness with the key of a log', `witness a ${log}\nquorum none\n`],
  ['a witness with too much', `witness a ${x1} u u\nquorum none\n`],
  ['one witness under two names', `witness a ${x1}\nwitness b ${x1}\nquorum none\n`],
  [
    'one witness key under two key names',
    `witness a ${x1}\nwitness b ${formatVerifierKey(
      verifierKey('other', (keys[0] as VerifierKey).type, (keys[0] as VerifierKey).publicKey),
    )}\nquorum none\n`,
  ],
  ['one name for two witnesses', `witness a ${x1}\nwitness a ${x2}\nquorum none\n`],
  ['a witness named none', `witness none ${x1}\nquorum none\n`],
  ['a group named none', `${witnesses}group none any a\nquorum none\n`],
  ['a group with a witness’s name', `${witnesses}group a any b\nquorum none\n`],
  ['a group without members', `${witnesses}group g all\nquorum none\n`],
  ['a group of none', `${witnesses}group g any none\nquorum none\n`],
  ['a group that takes nobody', `${witnesses}group g 0 a b\nquorum g\n`],
  ['a group that takes more than it has', `${witnesses}group g 3 a b\nquorum g\n`],
  ['a group that takes a word', `${witnesses}group g most a b\nquorum g\n`],
  ['a group that takes 01', `${witnesses}group g 01 a b\nquorum g\n`],
  ['a group with a member twice', `${witnesses}group g 2 a a\nquorum g\n`],
  ['a member of two groups', `${witnesses}group g any a\ngroup h any a b\nquorum h\n`],
  ['a group in itself', `${witnesses}group g any g\nquorum g\n`],
  ['a group before its members', `group g any a b\n${witnesses}quorum g\n`],
  ['too much', `#${'x'.repeat(MAX_POLICY_CHARS)}\nquorum none\n`],
  [
    'too many witnesses',
    `${Array.from({ length: MAX_POLICY_LINES + 1 }, (_, place) => `witness w${place} ${formatVerifierKey(ed25519Cosigner(`w${place}`).key)}\n`).join('')}quorum none\n`,
  ],
  [
    'too many logs',
    `${Array.from({ length: MAX_POLICY_LINES + 1 }, (_, place) => `log ${formatVerifierKey(ed25519Key(`l${place}`).key)}\n`).join('')}quorum none\n`,
  ],
  [
    'too many groups',
    `witness g ${x1}\n${Array.from({ length: MAX_POLICY_LINES + 1 }, (_, place) => `group ${'g'.repeat(place + 2)} any ${'g'.repeat(place + 1)}\n`).join('')}quorum none\n`,
  ],
] as const) {
  test(`refused: ${name}`, () => {
    assert.throws(() => parsePolicy(text), { name: 'TlogError', code: 'policy_malformed' });
  });
}

test('as many of each as the limit says are taken', () => {
  const lines = Array.from({ length: MAX_POLICY_LINES }, (_, place) => [
    `log ${formatVerifierKey(mldsa44Cosigner(`l${place}`).key)}\n`,
    `witness w${place} ${formatVerifierKey(mldsa44Cosigner(`w${place}`).key)}\n`,
    `group g${place} any w${place}\n`,
  ]);
  const policy = parsePolicy(`${lines.flat().join('')}quorum g${MAX_POLICY_LINES - 1}\n`);
  assert.deepEqual(parsePolicy(formatPolicy(policy)), policy);
});

test('what no policy says is not written', () => {
  const policy = parsePolicy(`${witnesses}quorum a\n`);
  const [first] = policy.witnesses as [(typeof policy.witnesses)[number]];
  for (const [name, changed] of [
    ['an undefined quorum', { ...policy, quorum: 'c' }],
    ['a name with a space', { ...policy, witnesses: [{ ...first, name: 'a b' }], quorum: 'none' }],
    ['an empty name', { ...policy, witnesses: [{ ...first, name: '' }], quorum: 'none' }],
    ['an address with a newline', { ...policy, witnesses: [{ ...first, url: 'u\nquorum' }] }],
    ['half a member', { ...policy, groups: [{ name: 'g', threshold: 0.5, members: ['a'] }] }],
  ] as const) {
    assert.throws(() => formatPolicy(changed), { name: 'TlogError', code: 'argument_invalid' }, name);
  }
});
