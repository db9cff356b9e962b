import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proveInclusion } from '@latchkey/tlog';
import { commit, encodeLeaf, IndexTree, positionsHash, vrfInput, type LeafFlag } from '../../src/index.ts';
import { proveVrf } from '../../src/prove.ts';
import {
  verifyHead,
  verifyLookup,
  type KnownVersion,
  type LookupAnswer,
  type LookupLeaf,
  type VerifiedHead,
} from '../../src/verify.ts';
import { NOW, seed, sha256, SmallDirectory } from '../small-directory.ts';

const ALICE = 'alice@example.org';
const BOB = 'bob@example.org';

interface Scene {
  readonly small: SmallDirectory;
  readonly head: VerifiedHead;
  readonly answer: LookupAnswer;
}

/** Alice has three versions at 0, 2 and 3, Bob one at 1; `mapRoot` is what the operator says the map is. */
async function scene(mapRoot?: (small: SmallDirectory) => Uint8Array): Promise<Scene> {
  const small = new SmallDirectory();
  await small.add({ label: ALICE, note: 'alice 0' });
  await small.add({ label: BOB, note: 'bob 0' });
  await small.add({ label: ALICE, note: 'alice 1' });
  await small.add({ label: ALICE, note: 'alice 2' });
  return { small, head: await headOf(small, mapRoot?.(small)), answer: await small.lookup(ALICE) };
}

async function headOf(small: SmallDirectory, mapRoot?: Uint8Array): Promise<VerifiedHead> {
  await small.publish(mapRoot === undefined ? {} : { mapRoot });
  const head = await verifyHead(small.directory, await small.head(), { previous: null, nowSeconds: NOW });
  assert.ok(!head.refused, JSON.stringify(head));
  return head;
}

function reasonOf(
  head: VerifiedHead,
  answer: LookupAnswer,
  { label = ALICE, known = null }: { label?: string; known?: KnownVersion | null } = {},
): string {
  const verdict = verifyLookup(head, { label, known }, answer);
  if (verdict.refused) return `${verdict.rule} ${verdict.reason}`;
  return verdict.found ? `version ${verdict.version}` : 'absent';
}

/** A map in which the operator wrote for Alice what it liked. */
function lyingMap(small: SmallDirectory, positions: readonly number[]): IndexTree {
  const tree = new IndexTree();
  tree.set(small.indexOf(BOB), positionsHash([1]));
  tree.set(small.indexOf(ALICE), positionsHash(positions));
  return tree;
}

test('the honest answer', async () => {
  const { head, answer, small } = await scene();
  assert.equal(reasonOf(head, answer), 'version 2');
  assert.equal(reasonOf(head, await small.lookup(BOB), { label: BOB }), 'version 0');
  const known = { version: 2, position: 3 };
  assert.equal(reasonOf(head, await small.lookup(ALICE, 3), { known }), 'version 2');
});

test('a head that was not verified', async () => {
  const { head, answer } = await scene();
  assert.throws(() => reasonOf({ ...head }, answer), { code: 'argument_invalid' });
});

test('foreign VRF', async () => {
  const { head, answer } = await scene();
  const vrfProof = proveVrf(seed('foreign'), vrfInput(ALICE)).proof;
  assert.equal(reasonOf(head, { ...answer, vrfProof }), '3 vrf_wrong');
});

test('VRF for another address', async () => {
  const { head, answer, small } = await scene();
  assert.equal(reasonOf(head, { ...answer, vrfProof: small.vrf(BOB).proof }), '3 vrf_wrong');
  assert.equal(reasonOf(head, await small.lookup(BOB)), '3 vrf_wrong');
});

test('wrong opening', async () => {
  const { head, answer } = await scene();
  const [first, ...rest] = answer.leaves;
  assert.ok(first?.opened);
  const opening = first.opened.opening.with(0, (first.opened.opening[0] ?? 0) ^ 1);
  const bent = { ...answer, leaves: [{ ...first, opened: { ...first.opened, opening } }, ...rest] };
  assert.equal(reasonOf(head, bent), '3 commitment_wrong');
  const short = { ...first.opened, opening: opening.subarray(1) };
  assert.equal(reasonOf(head, { ...answer, leaves: [{ ...first, opened: short }, ...rest] }), '3 commitment_wrong');
});

test('another note than the one that was committed to', async () => {
  const { head, answer } = await scene();
  const leaves = answer.leaves.map((leaf) => ({ ...leaf, opened: answer.leaves[0]?.opened ?? null }));
  assert.equal(reasonOf(head, { ...answer, leaves }), '3 commitment_wrong');
});

test('a note beyond all bounds', async () => {
  const { head, answer } = await scene();
  const opened = { opening: new Uint8Array(16), note: new Uint8Array(2 * 1024 * 1024 + 1) };
  const leaves = answer.leaves.map((leaf) => ({ ...leaf, opened }));
  assert.equal(reasonOf(head, { ...answer, leaves }), '3 commitment_wrong');
});

test('stale version: positions cut off', async () => {
  const { head, answer } = await scene();
  const cut = { ...answer, positions: [0, 2], leaves: answer.leaves.slice(0, 2) };
  assert.equal(reasonOf(head, cut), '3 map_proof_wrong');
});

test('stale version: the map itself was put back', async () => {
  const { head, answer, small } = await scene((bent) => lyingMap(bent, [0, 2]).root);
  const { proof } = lyingMap(small, [0, 2]).prove(small.indexOf(ALICE));
  const old = { ...answer, positions: [0, 2], mapProof: proof, leaves: [] };
  assert.equal(reasonOf(head, old, { known: { version: 2, position: 3 } }), '3 history_shortened');
  assert.equal(reasonOf(head, old, { known: { version: 1, position: 2 } }), 'version 1');
});

test('a history that is gone', async () => {
  const without = new IndexTree();
  const { head, answer, small } = await scene((bent) => {
    without.set(bent.indexOf(BOB), positionsHash([1]));
    return without.root;
  });
  const { proof } = without.prove(small.indexOf(ALICE));
  const gone = { ...answer, positions: [], mapProof: proof, leaves: [] };
  assert.equal(reasonOf(head, gone), 'absent');
  assert.equal(reasonOf(head, gone, { known: { version: 0, position: 0 } }), '3 history_lost');
});

test('a known version at another position', async () => {
  const { head, small } = await scene();
  const answer = await small.lookup(ALICE, 2);
  assert.equal(reasonOf(head, answer, { known: { version: 1, position: 2 } }), 'version 2');
  assert.equal(reasonOf(head, answer, { known: { version: 1, position: 1 } }), '3 history_rewritten');
});

test('an index that is known is the one that is looked at, whatever the proof says', async () => {
  const { head, answer, small } = await scene();
  const since = { ...answer, leaves: answer.leaves.slice(1) };
  const known = { version: 0, position: 0, index: small.indexOf(ALICE) };
  const proofless = { ...since, vrfProof: new Uint8Array(80) };
  assert.equal(reasonOf(head, proofless, { known }), 'version 2');
  assert.equal(reasonOf(head, proofless, { known: { version: 0, position: 0 } }), '3 vrf_wrong');
  assert.equal(reasonOf(head, since, { known: { ...known, index: small.indexOf(BOB) } }), '3 map_proof_wrong');
  assert.equal(reasonOf(head, await small.lookup(BOB), { known }), '3 map_proof_wrong');
});

test('a present label shown as absent', async () => {
  const { head, answer, small } = await scene();
  const absence = { ...answer, positions: [], leaves: [] };
  assert.equal(reasonOf(head, absence), '3 map_proof_wrong');
  const { proof } = small.replay.prove(seed('nobody'));
  assert.equal(reasonOf(head, { ...absence, mapProof: proof }), '3 map_proof_wrong');
  assert.equal(reasonOf(head, { ...absence, mapProof: new Uint8Array(0) }), '3 map_proof_wrong');
});

test('extra position: beside the map', async () => {
  const { head, answer } = await scene();
  const extra = { ...answer, positions: [0, 1, 2, 3], leaves: [...answer.leaves, ...answer.leaves.slice(0, 1)] };
  assert.equal(reasonOf(head, extra), '3 map_proof_wrong');
});

test('extra position: in the map, but the leaf is another label’s', async () => {
  const { head, answer, small } = await scene((bent) => lyingMap(bent, [0, 1, 2, 3]).root);
  const bob = (await small.lookup(BOB)).leaves;
  const { proof } = lyingMap(small, [0, 1, 2, 3]).prove(small.indexOf(ALICE));
  const [first, ...rest] = answer.leaves;
  assert.ok(first !== undefined);
  const extra = { ...answer, positions: [0, 1, 2, 3], mapProof: proof, leaves: [first, ...bob, ...rest] };
  assert.equal(reasonOf(head, extra), '3 leaf_of_another_label');
  const twice = { ...extra, leaves: [first, first, ...rest] };
  assert.equal(reasonOf(head, twice), '3 leaf_not_in_log');
});

test('reordered positions', async () => {
  const { head, answer } = await scene();
  for (const positions of [
    [2, 0, 3],
    [0, 0, 2],
    [-1, 2, 3],
    [0, 2.5, 3],
    [0, 2, 4],
    [0, 2, Number.NaN],
  ]) {
    assert.equal(reasonOf(head, { ...answer, positions }), '3 positions_malformed', JSON.stringify(positions));
  }
});

test('too many or too few leaves', async () => {
  const { head, answer } = await scene();
  assert.equal(reasonOf(head, { ...answer, leaves: answer.leaves.slice(1) }), '3 leaves_missing');
  assert.equal(reasonOf(head, { ...answer, leaves: [...answer.leaves, ...answer.leaves] }), '3 leaves_missing');
  assert.equal(reasonOf(head, answer, { known: { version: 0, position: 0 } }), '3 leaves_missing');
});

test('leaves in another order', async () => {
  const { head, answer } = await scene();
  const [first, second, third] = answer.leaves;
  assert.ok(first && second && third);
  assert.equal(reasonOf(head, { ...answer, leaves: [first, third, second] }), '3 leaf_not_in_log');
});

test('a leaf that is in no log, or is none', async () => {
  const { head, answer, small } = await scene();
  const [first, ...rest] = answer.leaves;
  assert.ok(first !== undefined);
  const opened = { opening: new Uint8Array(16), note: new Uint8Array(0) };
  const commitment = commit({ ...opened, label: ALICE, version: 0 });
  const leaf = encodeLeaf({ flag: 'genesis', index: small.indexOf(ALICE), commitment });
  assert.equal(reasonOf(head, { ...answer, leaves: [{ ...first, leaf, opened }, ...rest] }), '3 leaf_not_in_log');
  const flagged = { ...first, leaf: first.leaf.with(1, 6) };
  assert.equal(reasonOf(head, { ...answer, leaves: [flagged, ...rest] }), '3 leaf_malformed');
  const otherFlag = { ...first, leaf: first.leaf.with(1, 1) };
  assert.equal(reasonOf(head, { ...answer, leaves: [otherFlag, ...rest] }), '3 leaf_not_in_log');
});

/** A label whose leaves bear these flags, whatever an honest log would say. */
async function flagged(...flags: LeafFlag[]): Promise<string> {
  const small = new SmallDirectory();
  const positions = flags.map((_, at) => at);
  for (const [version, flag] of flags.entries()) {
    const opening = seed(`${version}`).slice(0, 16);
    const note = new Uint8Array(Buffer.from(`note ${version}`));
    const commitment = commit({ opening, label: ALICE, version, note });
    await small.keys.append(encodeLeaf({ flag, index: small.indexOf(ALICE), commitment }));
    small.openings.push({ opening, note });
  }
  const tree = new IndexTree(sha256);
  tree.set(small.indexOf(ALICE), positionsHash(positions));
  const head = await headOf(small, tree.root);
  // The prover refuses to serve such a log; the liar has its own.
  const prove = new SmallDirectory();
  for (const version of positions) await prove.add({ label: ALICE, note: `${version}` });
  prove.keys.entries.splice(0, Infinity, ...small.keys.entries);
  prove.openings.splice(0, Infinity, ...small.openings);
  const answer = await prove.lookup(ALICE);
  const { tiles, size } = small.keys;
  const leaves: readonly LookupLeaf[] = await Promise.all(
    answer.leaves.map(async (leaf, index) => ({ ...leaf, inclusion: await proveInclusion({ index, size }, tiles) })),
  );
  return reasonOf(head, { ...answer, mapProof: tree.prove(small.indexOf(ALICE)).proof, leaves });
}

test('genesis twice, or a beginning that is none', async () => {
  assert.equal(await flagged('genesis', 'genesis'), '3 genesis_twice');
  assert.equal(await flagged('signed', 'signed'), '3 genesis_missing');
  assert.equal(await flagged('genesis', 'reissue', 'veto', 'tombstone', 'reset', 'signed'), 'version 5');
});

test('a deleted opening is said to be so; the newest cannot be', async () => {
  const { head, answer } = await scene();
  const [first, second, third] = answer.leaves;
  assert.ok(first && second && third);
  const verdict = verifyLookup(
    head,
    { label: ALICE, known: null },
    { ...answer, leaves: [{ ...first, opened: null }, second, third] },
  );
  assert.ok(!verdict.refused && verdict.found);
  assert.equal(verdict.versions[0]?.note, null);
  const closed = { ...answer, leaves: [first, second, { ...third, opened: null }] };
  assert.equal(reasonOf(head, closed), '3 opening_missing');
});

test('unsigned ghost version: it cannot be published without every client being shown it', async () => {
  const { small } = await scene();
  await small.add({ label: ALICE, note: 'ghost', flag: 'reset' });
  const head = await headOf(small);
  const verdict = verifyLookup(
    head,
    { label: ALICE, known: { version: 2, position: 3 } },
    await small.lookup(ALICE, 3),
  );
  assert.ok(!verdict.refused && verdict.found);
  assert.deepEqual(
    verdict.versions.map(({ version, flag }) => [version, flag]),
    [[3, 'reset']],
  );
});

test('one changed byte anywhere in the answer is refused', async () => {
  const { head, answer } = await scene();
  const bent = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, (bytes[at] ?? 0) ^ (1 << (at % 8)));
  for (let at = 0; at < answer.mapProof.length; at += 1) {
    assert.equal(reasonOf(head, { ...answer, mapProof: bent(answer.mapProof, at) }), '3 map_proof_wrong', `${at}`);
  }
  for (let at = 0; at < answer.vrfProof.length; at += 5) {
    assert.equal(reasonOf(head, { ...answer, vrfProof: bent(answer.vrfProof, at) }), '3 vrf_wrong', `${at}`);
  }
  const [first, ...rest] = answer.leaves;
  assert.ok(first?.opened);
  for (let at = 0; at < 66; at += 3) {
    const leaves = [{ ...first, leaf: bent(first.leaf, at) }, ...rest];
    assert.match(reasonOf(head, { ...answer, leaves }), /^3 leaf_/u);
  }
  for (const [place, hash] of first.inclusion.entries()) {
    const inclusion: readonly Uint8Array[] = first.inclusion.with(place, bent(hash, place));
    const leaves: readonly LookupLeaf[] = [{ ...first, inclusion }, ...rest];
    assert.equal(reasonOf(head, { ...answer, leaves }), '3 leaf_not_in_log');
  }
});
