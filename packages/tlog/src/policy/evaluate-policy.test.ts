import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ed25519Cosigner, ed25519Key, mldsa44Cosigner, platformVerify } from '../../test/platform-key.ts';
import { formatCheckpoint } from '../checkpoint/checkpoint.ts';
import { cosign } from '../cosignature/cosign.ts';
import { leafHash } from '../merkle/hash.ts';
import type { Note } from '../note/note.ts';
import { signNote } from '../note/sign-note.ts';
import { formatVerifierKey } from '../note/verifier-key.ts';
import { withSignatures } from '../note/with-signatures.ts';
import { evaluatePolicy, type PolicyQuestion, type PolicyRefused, type PolicySatisfied } from './evaluate-policy.ts';
import { parsePolicy } from './parse-policy.ts';

const origin = 'example.com/log';
const log = ed25519Key(origin);
const logHybrid = mldsa44Cosigner(origin);
const other = ed25519Key('example.com/other');
const witnesses = [
  ed25519Cosigner('w0.example.com'),
  mldsa44Cosigner('w1.example.com'),
  ed25519Cosigner('w2.example.com'),
];
const auditor = ed25519Cosigner('auditor.example.com');
const stranger = ed25519Cosigner('stranger.example.com');

const policy = parsePolicy(
  [
    ...[log, logHybrid, other].map(({ key }) => `log ${formatVerifierKey(key)}`),
    ...witnesses.map(({ key }, place) => `witness w${place} ${formatVerifierKey(key)}`),
    `witness a ${formatVerifierKey(auditor.key)}`,
    'group w 2 w0 w1 w2',
    'group both all w a',
    'quorum both\n',
  ].join('\n'),
);

const text = formatCheckpoint({ origin, size: 1, rootHash: leafHash(Buffer.from('entry')), extensions: [] });
const [w0, w1, w2] = witnesses as [(typeof witnesses)[0], (typeof witnesses)[0], (typeof witnesses)[0]];
type Times = readonly (readonly [typeof w0, number])[];

async function noteOf(times: Times, signers = [log], said = text): Promise<Note> {
  const signed = await signNote({ text: said, signatures: [] }, signers);
  return withSignatures(signed, await Promise.all(times.map(([key, time]) => cosign(signed, key, time))));
}

function judge(note: Note, question: Partial<PolicyQuestion> = {}): Promise<PolicySatisfied | PolicyRefused> {
  return evaluatePolicy(policy, { note, verifySignature: platformVerify, ...question });
}

const all: Times = [
  [w0, 100],
  [w1, 300],
  [w2, 200],
  [auditor, 150],
];

test('enough witnesses and the log: believed, with the times of the quorum', async () => {
  const verdict = await judge(await noteOf([...all, [stranger, 999]]));
  assert.ok(verdict.satisfied);
  assert.equal(verdict.reason, null);
  assert.equal(verdict.checkpoint.size, 1);
  assert.deepEqual(verdict.signedBy, [log.key]);
  assert.deepEqual(
    verdict.witnesses.map(({ name, key, timeSeconds }) => [name, key.name, timeSeconds]),
    [
      ['w0', 'w0.example.com', 100],
      ['w1', 'w1.example.com', 300],
      ['w2', 'w2.example.com', 200],
      ['a', 'auditor.example.com', 150],
    ],
  );
  // From 150 on: the auditor, w2 and w1. Up to 200: w0, the auditor, w2.
  assert.equal(verdict.kthTimeSeconds, 150);
  assert.equal(verdict.quorumTimeSeconds, 200);
});

test('with k of n alone the times are the k-th newest and the k-th oldest', async () => {
  const twoOfThree = parsePolicy(
    `log ${formatVerifierKey(log.key)}\n${witnesses.map(({ key }, place) => `witness w${place} ${formatVerifierKey(key)}\n`).join('')}group w 2 w0 w1 w2\nquorum w\n`,
  );
  const note = await noteOf(all);
  const verdict = await evaluatePolicy(twoOfThree, { note, verifySignature: platformVerify });
  assert.ok(verdict.satisfied);
  assert.equal(verdict.kthTimeSeconds, 200);
  assert.equal(verdict.quorumTimeSeconds, 200);
});

for (const [name, times, reason, named] of [
  [
    'too few witnesses',
    [
      [w0, 1],
      [auditor, 1],
    ],
    'quorum_missing',
    ['w0', 'a'],
  ],
  [
    'the auditor missing',
    [
      [w0, 1],
      [w1, 1],
      [w2, 1],
    ],
    'quorum_missing',
    ['w0', 'w1', 'w2'],
  ],
  ['strangers only', [[stranger, 1]], 'quorum_missing', []],
] as const) {
  test(`not believed: ${name}`, async () => {
    const verdict = await judge(await noteOf(times));
    assert.ok(!verdict.satisfied);
    assert.equal(verdict.reason, reason);
    assert.deepEqual(
      verdict.witnesses.map((witness) => witness.name),
      named,
    );
  });
}

test('not believed: one witness twice', async () => {
  const note = await noteOf([
    [w0, 1],
    [auditor, 1],
  ]);
  const again = { ...note, signatures: [...note.signatures, await cosign(note, w0, 2)] };
  assert.equal((await judge(again)).reason, 'signature_repeated');
});

test('not believed: a bad line of a known witness beside enough good ones', async () => {
  const note = await noteOf(all);
  const lines = note.signatures.map((line) =>
    line.keyName === 'w0.example.com'
      ? { ...line, signature: line.signature.with(20, 1 ^ (line.signature[20] ?? 0)) }
      : line,
  );
  assert.equal((await judge({ ...note, signatures: lines })).reason, 'signature_wrong');
});

test('not believed: no line of the log', async () => {
  const note = await noteOf(all);
  const unsigned = { ...note, signatures: note.signatures.filter(({ keyName }) => keyName !== origin) };
  assert.equal((await judge(unsigned)).reason, 'log_signature_missing');
  const nobody = { ...note, signatures: [await cosign(note, stranger, 1)] };
  assert.equal((await judge(nobody)).reason, 'log_signature_missing');
  // A log of the policy, but not this one.
  const foreign = await noteOf(all, [other]);
  assert.equal((await judge(foreign)).reason, 'log_signature_missing');
});

test('a log of two keys: one is enough, unless both are asked for', async () => {
  const classical = await noteOf(all);
  assert.equal((await judge(classical, { logKeys: 'all' })).reason, 'log_signature_missing');
  const both = withSignatures(classical, [await cosign(classical, logHybrid, 0)]);
  const verdict = await judge(both, { logKeys: 'all' });
  assert.ok(verdict.satisfied);
  assert.deepEqual(verdict.signedBy, [log.key, logHybrid.key]);
  const hybrid = { ...both, signatures: both.signatures.slice(1) };
  assert.ok((await judge(hybrid)).satisfied);
});

test('not believed: another log', async () => {
  const verdict = await judge(await noteOf(all, [log], text.replace(origin, 'example.com/third')));
  assert.equal(verdict.reason, 'origin_unknown');
  assert.equal((await judge(await noteOf(all), { origin: 'example.com/other' })).reason, 'origin_unknown');
  assert.ok((await judge(await noteOf(all), { origin })).satisfied);
});

test('not believed: no checkpoint', async () => {
  const verdict = await judge(await signNote({ text: 'example.com/log\n', signatures: [] }, [log]));
  assert.equal(verdict.reason, 'checkpoint_malformed');
});

test('extension lines are refused unless they are allowed', async () => {
  const classical: Times = [
    [w0, 1],
    [w2, 1],
    [auditor, 1],
  ];
  const note = await noteOf(classical, [log], `${text}more\n`);
  assert.equal((await judge(note)).reason, 'extension_lines');
  assert.ok((await judge(note, { extensions: 'allow' })).satisfied);
});

test('cosignatures from the future do not count where the caller says when that begins', async () => {
  const note = await noteOf(all);
  assert.equal((await judge(note, { notAfterSeconds: 199 })).reason, 'quorum_missing');
  const verdict = await judge(note, { notAfterSeconds: 200 });
  assert.ok(verdict.satisfied);
  assert.equal(verdict.kthTimeSeconds, 100);
});

test('a witness that signs with two keys under one name has two times', async () => {
  const pair = [ed25519Cosigner('w.example.com'), mldsa44Cosigner('w.example.com')] as const;
  const both = parsePolicy(
    `log ${formatVerifierKey(log.key)}\nwitness c ${formatVerifierKey(pair[0].key)}\nwitness h ${formatVerifierKey(pair[1].key)}\ngroup g all c h\nquorum g\n`,
  );
  const note = await noteOf([
    [pair[0], 10],
    [pair[1], 20],
  ]);
  const verdict = await evaluatePolicy(both, { note, verifySignature: platformVerify });
  assert.ok(verdict.satisfied);
  assert.deepEqual(
    verdict.witnesses.map(({ name, timeSeconds }) => [name, timeSeconds]),
    [
      ['c', 10],
      ['h', 20],
    ],
  );
  assert.deepEqual([verdict.kthTimeSeconds, verdict.quorumTimeSeconds], [10, 20]);
});

test('the quorum none needs the log alone and knows no time', async () => {
  const none = parsePolicy(`log ${formatVerifierKey(log.key)}\nquorum none\n`);
  const verdict = await evaluatePolicy(none, { note: await noteOf(all), verifySignature: platformVerify });
  assert.ok(verdict.satisfied);
  assert.deepEqual([verdict.kthTimeSeconds, verdict.quorumTimeSeconds, verdict.witnesses], [null, null, []]);
});
