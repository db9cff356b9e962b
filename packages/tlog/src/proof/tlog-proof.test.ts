import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { MemoryTiles } from '../../test/memory-tiles.ts';
import { ed25519Cosigner, ed25519Key, platformVerify } from '../../test/platform-key.ts';
import { formatCheckpoint } from '../checkpoint/checkpoint.ts';
import { cosign } from '../cosignature/cosign.ts';
import { TlogError } from '../errors.ts';
import { MAX_TLOG_PROOF_BYTES } from '../limits.ts';
import { leafHash } from '../merkle/hash.ts';
import { formatNote } from '../note/format-note.ts';
import { signNote } from '../note/sign-note.ts';
import { formatVerifierKey } from '../note/verifier-key.ts';
import { withSignatures } from '../note/with-signatures.ts';
import { parsePolicy } from '../policy/parse-policy.ts';
import { growTree } from '../tiles/grow-tree.ts';
import { proveInclusion } from '../tiles/prove.ts';
import { formatTlogProof, parseTlogProof, type TlogProof } from './tlog-proof.ts';
import { verifyTlogProof } from './verify-tlog-proof.ts';

const log = ed25519Key('example.com/log');
const witness = ed25519Cosigner('w.example.com');
const policy = parsePolicy(
  `log ${formatVerifierKey(log.key)}\nwitness w ${formatVerifierKey(witness.key)}\nquorum w\n`,
);

const tiles = new MemoryTiles();
const leaves = Array.from({ length: 300 }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));
const { size, rootHash, tiles: grown } = await growTree({ oldSize: 0, tiles, leafHashes: leaves });
tiles.keep(grown);
const signed = await signNote(
  { text: formatCheckpoint({ origin: 'example.com/log', size, rootHash, extensions: [] }), signatures: [] },
  [log],
);
const note = withSignatures(signed, [await cosign(signed, witness, 1_700_000_000)]);
const proof: TlogProof = {
  extra: Buffer.from('more'),
  index: 290,
  proof: await proveInclusion({ index: 290, size }, tiles),
  checkpoint: formatNote(note),
};
const bytes = formatTlogProof(proof);
const lines = Buffer.from(bytes).toString();

test('the file has the lines of the specification', () => {
  assert.match(
    lines,
    /^c2sp\.org\/tlog-proof@v1\nextra bW9yZQ==\nindex 290\n(?:[A-Za-z0-9+/]{43}=\n){6}\nexample\.com\/log\n300\n/,
  );
  assert.ok(lines.endsWith(Buffer.from(formatNote(note)).toString()));
  const bare = Buffer.from(formatTlogProof({ ...proof, extra: null, proof: [] })).toString();
  assert.ok(bare.startsWith('c2sp.org/tlog-proof@v1\nindex 290\n\nexample.com/log\n'));
});

test('what is written is read, and proves its entry', async () => {
  const parsed = parseTlogProof(bytes);
  assert.deepEqual(Buffer.from(parsed.extra ?? []), Buffer.from('more'));
  assert.deepEqual([parsed.index, parsed.proof, parsed.note], [proof.index, proof.proof, note]);
  assert.equal(parsed.head.size, 300);
  assert.deepEqual(formatTlogProof(parsed), bytes);

  const question = { proof: parsed, verifySignature: platformVerify };
  const verdict = await verifyTlogProof(policy, { ...question, leafHash: leaves[290] ?? rootHash });
  assert.ok(verdict.verified);
  assert.equal(verdict.index, 290);
  assert.equal(verdict.verdict.kthTimeSeconds, 1_700_000_000);
  for (const [name, refused, reason] of [
    ['another entry', { ...question, leafHash: leaves[289] ?? rootHash }, 'inclusion_wrong'],
    [
      'another index',
      { ...question, proof: { ...parsed, index: 289 }, leafHash: leaves[290] ?? rootHash },
      'inclusion_wrong',
    ],
    ['an earlier clock', { ...question, leafHash: leaves[290] ?? rootHash, notAfterSeconds: 1 }, 'quorum_missing'],
  ] as const) {
    const no = await verifyTlogProof(policy, refused);
    assert.ok(!no.verified, name);
    assert.equal(no.reason, reason, name);
  }
});

test('a changed file is refused or is what format writes', () => {
  fc.assert(
    fc.property(
      fc.nat(lines.length - 1),
      fc.constantFrom('', '\n', '0', 'A', '=', ' ', '\n\n', '—', '\0'),
      (at, put) => {
        const changed = Buffer.from(lines.slice(0, at) + put + lines.slice(at + 1));
        try {
          assert.deepEqual(Buffer.from(formatTlogProof(parseTlogProof(changed))), changed);
        } catch (error) {
          if (!(error instanceof TlogError)) throw error;
          assert.match(error.code, /^(?:proof|note|checkpoint)_malformed$/);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

const hash = `${Buffer.alloc(32).toString('base64')}\n`;
const end = `\n${Buffer.from(formatNote(note)).toString()}`;
for (const [name, text, code] of [
  ['nothing', '', 'proof_malformed'],
  ['no checkpoint', 'c2sp.org/tlog-proof@v1\nindex 0\n', 'proof_malformed'],
  ['another version', `c2sp.org/tlog-proof@v2\nindex 0\n${end}`, 'proof_malformed'],
  ['no first line', `index 0\n${end}`, 'proof_malformed'],
  ['no index', `c2sp.org/tlog-proof@v1\n${end}`, 'proof_malformed'],
  ['no index but a hash', `c2sp.org/tlog-proof@v1\n${hash}${end}`, 'proof_malformed'],
  ['two indexes', `c2sp.org/tlog-proof@v1\nindex 0\nindex 0\n${end}`, 'proof_malformed'],
  ['an index with a leading zero', `c2sp.org/tlog-proof@v1\nindex 00\n${end}`, 'proof_malformed'],
  ['an index in capitals', `c2sp.org/tlog-proof@v1\nINDEX 0\n${end}`, 'proof_malformed'],
  ['extra data after the index', `c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n${end}`, 'proof_malformed'],
  ['extra data twice', `c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n${end}`, 'proof_malformed'],
  ['empty extra data', `c2sp.org/tlog-proof@v1\nextra \nindex 0\n${end}`, 'proof_malformed'],
  ['extra data that is not canonical', `c2sp.org/tlog-proof@v1\nextra AB==\nindex 0\n${end}`, 'proof_malformed'],
  ['extra data that is not ASCII', `c2sp.org/tlog-proof@v1\nextra é\nindex 0\n${end}`, 'proof_malformed'],
  ['a short hash', `c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n${end}`, 'proof_malformed'],
  ['64 hashes', `c2sp.org/tlog-proof@v1\nindex 0\n${hash.repeat(64)}${end}`, 'proof_malformed'],
  [
    '64 hashes and extra data',
    `c2sp.org/tlog-proof@v1\nextra AA==\nindex 0\n${hash.repeat(64)}${end}`,
    'proof_malformed',
  ],
  ['a hundred lines', `c2sp.org/tlog-proof@v1\nindex 0\n${hash.repeat(100)}${end}`, 'proof_malformed'],
  ['too much', `c2sp.org/tlog-proof@v1\nextra ${'A'.repeat(MAX_TLOG_PROOF_BYTES)}\nindex 0\n${end}`, 'proof_malformed'],
  ['a note without signatures', `c2sp.org/tlog-proof@v1\nindex 0\n\n${note.text}`, 'note_malformed'],
  [
    'a note that is no checkpoint',
    `c2sp.org/tlog-proof@v1\nindex 0\n\nx\n\n${end.split('\n\n')[1] ?? ''}`,
    'checkpoint_malformed',
  ],
] as const) {
  test(`refused: ${name}`, () => {
    assert.throws(() => parseTlogProof(Buffer.from(text)), { name: 'TlogError', code });
  });
}

test('63 hashes are taken', () => {
  const parsed = parseTlogProof(Buffer.from(`c2sp.org/tlog-proof@v1\nextra AA==\nindex 0\n${hash.repeat(63)}${end}`));
  assert.equal(parsed.proof.length, 63);
});

test('what no file holds is not written', () => {
  const { checkpoint } = proof;
  for (const [name, changed, code] of [
    ['half an index', { ...proof, index: 0.5 }, 'argument_invalid'],
    ['empty extra data', { ...proof, extra: new Uint8Array(0) }, 'argument_invalid'],
    ['a hash of 31 bytes', { ...proof, proof: [new Uint8Array(31)] }, 'argument_invalid'],
    ['64 hashes', { ...proof, proof: Array.from({ length: 64 }, () => new Uint8Array(32)) }, 'argument_invalid'],
    ['too much', { ...proof, extra: new Uint8Array(MAX_TLOG_PROOF_BYTES) }, 'argument_invalid'],
    ['a broken note', { ...proof, checkpoint: checkpoint.subarray(0, -1) }, 'note_malformed'],
  ] as const) {
    assert.throws(() => formatTlogProof(changed), { name: 'TlogError', code }, name);
  }
});
