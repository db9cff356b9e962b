import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '@noble/hashes/sha2.js';
import * as fc from 'fast-check';
import { MemoryTiles } from '../../test/memory-tiles.ts';
import { ed25519Key, mldsa44Cosigner, platformVerifier, platformVerify } from '../../test/platform-key.ts';
import { formatCheckpoint } from '../checkpoint/checkpoint.ts';
import { cosign } from '../cosignature/cosign.ts';
import { noteVerifier } from '../cosignature/cosignature-verifier.ts';
import { EMPTY_ROOT, leafHash } from '../merkle/hash.ts';
import { RunningTree } from '../merkle/running-tree.ts';
import { formatNote } from '../note/format-note.ts';
import { signNote } from '../note/sign-note.ts';
import { withSignatures } from '../note/with-signatures.ts';
import { growTree } from '../tiles/grow-tree.ts';
import { proveConsistency } from '../tiles/prove.ts';
import { formatAddCheckpoint, parseAddCheckpoint, type ParsedAddCheckpoint } from './add-checkpoint.ts';
import { decideAddCheckpoint, type WitnessDecision, type WitnessHead } from './decide-add-checkpoint.ts';

const SIZES = 40;
const log = ed25519Key('example.com/log');
const impostor = ed25519Key('example.com/log');
const leaves = Array.from({ length: SIZES }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));
const tiles = new MemoryTiles();
tiles.keep((await growTree({ oldSize: 0, tiles, leafHashes: leaves })).tiles);
const heads: WitnessHead[] = [{ size: 0, rootHash: EMPTY_ROOT }];
const tree = new RunningTree();
for (const leaf of leaves) {
  tree.append(leaf);
  heads.push({ size: tree.size, rootHash: tree.rootHash() });
  // The partial tile of each size, as a log must have it.
  if (tree.size < SIZES)
    tiles.keep((await growTree({ oldSize: 0, tiles, leafHashes: leaves.slice(0, tree.size) })).tiles);
}

interface Asked {
  readonly oldSize?: number;
  readonly proof?: readonly Uint8Array[];
  readonly rootHash?: Uint8Array;
  readonly signer?: typeof log;
}

async function request(from: number, to: number, asked: Asked = {}): Promise<ParsedAddCheckpoint> {
  const rootHash = asked.rootHash ?? heads[to]?.rootHash ?? EMPTY_ROOT;
  const text = formatCheckpoint({ origin: 'example.com/log', size: to, rootHash, extensions: [] });
  const note = await signNote({ text, signatures: [] }, [asked.signer ?? log]);
  return parseAddCheckpoint(
    formatAddCheckpoint({
      oldSize: asked.oldSize ?? from,
      proof: asked.proof ?? (from > to ? [] : await proveConsistency({ oldSize: from, newSize: to }, tiles)),
      checkpoint: formatNote(note),
    }),
  );
}

function decide(asked: ParsedAddCheckpoint, head: WitnessHead | null): Promise<WitnessDecision> {
  return decideAddCheckpoint(asked, { verifiers: [platformVerifier(log.key)], head });
}

const head = (size: number): WitnessHead => heads[size] ?? { size: 0, rootHash: EMPTY_ROOT };
const other = leafHash(Buffer.from('another tree'));

test('a log that grows is cosigned, from nothing on', async () => {
  let kept = null as WitnessHead | null;
  for (const size of [0, 0, 1, 1, 2, 7, 8, 33, 40, 40]) {
    const decision = await decide(await request(kept?.size ?? 0, size), kept);
    assert.deepEqual(decision, { outcome: 'cosign', status: 200, head: head(size) });
    kept = head(size);
  }
});

for (const [name, asked, kept, expected] of [
  [
    'another key',
    await request(0, 3, { signer: impostor }),
    null,
    { outcome: 'forbidden', status: 403, reason: 'signature_missing' },
  ],
  ['an old size above the new one', await request(5, 3, { oldSize: 5 }), head(5), { outcome: 'bad', status: 400 }],
  [
    'an old size above the new one, before the first',
    await request(5, 3, { oldSize: 5 }),
    null,
    { outcome: 'bad', status: 400 },
  ],
  [
    'an old size that the witness is past',
    await request(3, 9),
    head(5),
    { outcome: 'conflict', status: 409, size: 5, fork: false },
  ],
  [
    'an old size that the witness has not reached',
    await request(3, 9),
    null,
    { outcome: 'conflict', status: 409, size: 0, fork: false },
  ],
  ['an old size of 0 later', await request(0, 9), head(5), { outcome: 'conflict', status: 409, size: 5, fork: false }],
  ['a tree that shrinks', await request(3, 3), head(5), { outcome: 'conflict', status: 409, size: 5, fork: false }],
  [
    'another root for one size',
    await request(5, 5, { rootHash: other }),
    head(5),
    { outcome: 'conflict', status: 409, size: 5, fork: true },
  ],
  ['another tree', await request(5, 9, { rootHash: other }), head(5), { outcome: 'unprocessable', status: 422 }],
  ['no proof', await request(5, 9, { proof: [] }), head(5), { outcome: 'unprocessable', status: 422 }],
  ['a proof of one size', await request(5, 5, { proof: [other] }), head(5), { outcome: 'unprocessable', status: 422 }],
  ['a proof from nothing', await request(0, 5, { proof: [other] }), null, { outcome: 'unprocessable', status: 422 }],
  [
    'an empty tree with a root',
    await request(0, 0, { rootHash: other }),
    null,
    { outcome: 'unprocessable', status: 422 },
  ],
  [
    'an empty tree with another root later',
    await request(0, 0, { rootHash: other }),
    head(0),
    { outcome: 'unprocessable', status: 422 },
  ],
  [
    'an empty tree with a proof',
    await request(0, 0, { proof: [other] }),
    null,
    { outcome: 'unprocessable', status: 422 },
  ],
] as const) {
  test(`not cosigned: ${name}`, async () => {
    assert.deepEqual(await decide(asked, kept), expected);
  });
}

test('the proof is hashed with the function that is given', async () => {
  let hashed = 0;
  const counting = (bytes: Uint8Array): Uint8Array => {
    hashed += 1;
    return sha256(bytes);
  };
  const log3 = { verifiers: [platformVerifier(log.key)], head: head(3) };
  assert.equal((await decideAddCheckpoint(await request(3, 9), log3, counting)).outcome, 'cosign');
  assert.ok(hashed > 0);
});

test('not cosigned: a fork of the first leaf', async () => {
  const decision = await decide(await request(1, 1, { rootHash: other }), head(1));
  assert.deepEqual(decision, { outcome: 'conflict', status: 409, size: 1, fork: true });
});

test('not cosigned: a log that the witness does not know', async () => {
  assert.deepEqual(await decideAddCheckpoint(await request(0, 3), null), { outcome: 'unknown', status: 404 });
});

test('not cosigned: a bad line of a trusted key, also beside a good one', async () => {
  const asked = await request(0, 3);
  const [line] = asked.note.signatures;
  assert.ok(line !== undefined);
  const wrong = { ...line, signature: line.signature.with(0, 1 ^ (line.signature[0] ?? 0)) };
  const changed = { ...asked, note: { ...asked.note, signatures: [wrong] } };
  assert.deepEqual(await decide(changed, null), { outcome: 'forbidden', status: 403, reason: 'signature_wrong' });
});

test('a log of two keys is cosigned with one of them, or only with both where that is asked', async () => {
  const second = mldsa44Cosigner('example.com/log');
  const verifiers = [log, second].map(({ key }) => noteVerifier(key, platformVerify));
  const one = await request(0, 3);
  assert.equal((await decideAddCheckpoint(one, { verifiers, head: null })).outcome, 'cosign');
  assert.equal((await decideAddCheckpoint(one, { verifiers, need: 'all', head: null })).outcome, 'forbidden');
  const both = { ...one, note: withSignatures(one.note, [await cosign(one.note, second, 0)]) };
  assert.equal((await decideAddCheckpoint(both, { verifiers, need: 'all', head: null })).outcome, 'cosign');
});

test('whatever is asked, in whatever order, no two heads of one size are cosigned, and none is lost', async () => {
  const roots = (size: number): readonly Uint8Array[] => [head(size).rootHash, other];
  const step = fc.record({ from: fc.nat(6), to: fc.nat(6), forked: fc.boolean(), without: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      let kept: WitnessHead | null = null;
      const seen = new Map<number, Uint8Array>();
      for (const { from, to, forked, without } of steps) {
        const rootHash = roots(to)[forked ? 1 : 0] ?? EMPTY_ROOT;
        const asked: ParsedAddCheckpoint = await request(from, to, { rootHash, ...(without ? { proof: [] } : {}) });
        const decision = await decide(asked, kept);
        if (decision.outcome !== 'cosign') continue;
        assert.ok(decision.head.size >= (kept?.size ?? 0));
        assert.deepEqual(seen.get(to) ?? rootHash, rootHash);
        seen.set(to, rootHash);
        kept = decision.head;
      }
    }),
    { numRuns: 60 },
  );
});
