import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { verifyMapProof, parseIndexLeaf, positionsHash } from '@latchkey/key-directory';
import { cosignatureTime, parseCheckpoint, parseNote } from '@latchkey/tlog';
import { parseRefusal } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from '../src/testing/index.ts';
import { directoryOf, nextVersion, resolveUntil, verifiedHead } from './key-log-client.ts';
import { register, type TestOwner } from './test-owner.ts';

let server: TestServer;
let alice: TestOwner;
let nowMs = Date.UTC(2026, 10, 23, 10, 59, 30);

before(async () => {
  server = await startTestServer({ clock: () => nowMs });
  alice = await register(server.origin, 'alice@localhost');
  await resolveUntil(alice.wire, alice.address, { versions: 1 });
});
after(() => server.stop());

const get = (path: string): Promise<Response> => fetch(`${server.origin}/kt/${path}`);

async function codeOf(response: Response): Promise<string> {
  return `${response.status} ${parseRefusal(await response.text())?.code ?? 'without a code'}`;
}

test('tiles and checkpoints are served as static files are, and only those that are there', async () => {
  const checkpoint = await get('keys/checkpoint');
  assert.equal(checkpoint.headers.get('content-type'), 'text/plain; charset=utf-8');
  const { size } = parseCheckpoint(parseNote(new Uint8Array(await checkpoint.arrayBuffer())).text);
  const tile = await get(`keys/tile/0/000.p/${size}`);
  assert.equal((await tile.arrayBuffer()).byteLength, size * 32);
  assert.match(tile.headers.get('cache-control') ?? '', /immutable/);
  assert.equal((await (await get('keys/tile/entries/000.p/1')).arrayBuffer()).byteLength, 68);
  assert.equal((await get('index/tile/0/000.p/1')).status, 200);
  const missing = [
    `keys/tile/0/000.p/${size + 1}`,
    'keys/tile/0/000',
    'keys/tile/1/000.p/1',
    'keys/tile/0/001.p/1',
    'keys/tile/0/0.p/1',
    'keys/tile/63/000.p/1',
    'keys/tile/64/000.p/1',
    'keys/tile/0/000.p/0',
    'keys/tile/0/000.p/256',
    'keys/tile/0/000.p/01',
    'keys/tile/0/x000/000.p/1',
    'keys/tile/entries/999',
    'keys/tile/0',
    'keys/tile/0//000.p/1',
    'keys/tile/x',
    'keys/tile/0/%2e%2e%2fsecrets',
  ];
  for (const path of missing) assert.equal(await codeOf(await get(path)), '404 not_found', path);
  const malformed = [
    'other/checkpoint',
    'other/tile/0/000.p/1',
    `keys/tile/0/${'x000/'.repeat(20)}000`,
    'keys/tile/0/000.P/1',
    'keys/tile/0/000.p/1%00',
    'lookup/00',
    `lookup/${'A'.repeat(64)}`,
    `lookup/${'0'.repeat(63)}`,
    'index/hours/2026-13-01',
    'index/hours/2026-02-30',
    'index/hours/2026-2-3',
    'index/hours/9999-99-99',
  ];
  for (const path of malformed) assert.equal(await codeOf(await get(path)), '400 request_malformed', path);
  assert.equal(await codeOf(await get('keys/tile/')), '404 route_unknown');
});

test('a lookup is what VIndex reads, of a key that is there and one that is not', async () => {
  const [leaf] = await resolved();
  assert.ok(leaf !== undefined);
  const index = leaf.slice(2, 34);
  for (const [key, positions] of [
    [index, [0]],
    [new Uint8Array(32).fill(7), []],
  ] as const) {
    const response = await get(`lookup/${Buffer.from(key).toString('hex')}`);
    const body = (await response.json()) as Record<string, string> & { index_value: number[] };
    assert.deepEqual(body.index_value, positions);
    const { mapRoot } = parseIndexLeaf(new Uint8Array(Buffer.from(body['output_log_leaf'] ?? '', 'base64')));
    const proof = new Uint8Array(Buffer.from(body['index_proof'] ?? '', 'base64'));
    const value = positions.length === 0 ? null : positionsHash(positions);
    assert.equal(verifyMapProof({ root: mapRoot, key, value, proof }), true);
  }
});

async function resolved(): Promise<readonly Uint8Array[]> {
  const { answers } = await resolveUntil(alice.wire, alice.address, { versions: 1 });
  return answers[0]?.leaves.map(({ leaf }) => leaf) ?? [];
}

test('each hour has one head, which stays; the heartbeat signs the same head with the time', async () => {
  const hours = async (): Promise<{ hour: number; note: string }[]> =>
    ((await (await get('index/hours/2026-11-23')).json()) as { heads: { hour: number; note: string }[] }).heads;
  const [ten, ...none] = await hours();
  assert.ok(ten !== undefined && none.length === 0);
  assert.equal(ten.hour, Date.UTC(2026, 10, 23, 10) / 3_600_000);
  const directory = directoryOf(await alice.wire.call('ktPolicy', {}));
  const before = await resolveUntil(alice.wire, alice.address, { versions: 1 });
  nowMs += 60_000;
  for (let tries = 0; (await hours()).length < 2 && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const [first, eleven] = await hours();
  assert.deepEqual(first, ten);
  assert.ok(eleven !== undefined && eleven.note !== ten.note);
  // Nobody can give out another head of an hour as that hour's: the log's own line says which one it is.
  assert.deepEqual([ten, eleven].map(signedSeconds), [ten.hour * 3_600, eleven.hour * 3_600]);
  const beat = await resolveUntil(alice.wire, alice.address, { versions: 1 });
  assert.equal(beat.head.indexCheckpoint, eleven.note);
  assert.equal(beat.head.indexLeaf, before.head.indexLeaf, 'no new leaf');
  await verifiedHead(directory, beat, { previous: await verifiedHead(directory, before, { nowMs }), nowMs });

  const { statement } = await nextVersion(alice);
  await alice.wire.call('directoryUpdate', { statement });
  await resolveUntil(alice.wire, alice.address, { versions: 2 });
  assert.deepEqual(await hours(), [ten, eleven]);
  const newest = await resolveUntil(alice.wire, alice.address, { versions: 2 });
  assert.notEqual(signedSeconds({ note: newest.head.indexCheckpoint }) % 3_600, 0);
  assert.deepEqual(await (await get('index/hours/2026-11-22')).json(), { heads: [] });
});

/** Of the log's own line of ML-DSA-44. */
function signedSeconds({ note }: { readonly note: string }): number {
  const line = parseNote(Buffer.from(note)).signatures[1];
  return line === undefined ? 0 : cosignatureTime(line);
}

test('asking for many addresses that do not exist is refused before it costs anything', async () => {
  const limited = await startTestServer({ limits: 'real' });
  try {
    const carol = await register(limited.origin, 'carol@localhost');
    await resolveUntil(carol.wire, carol.address, { versions: 1 });
    const wanted = (count: number): { address: string; fromVersion: number }[] =>
      Array.from({ length: count }, (_each, place) => ({ address: `no${place}@localhost`, fromVersion: 0 }));
    const { answers } = await carol.wire.call('ktResolve', { wanted: wanted(20), known: null });
    assert.equal(answers.length, 20);
    await limitsLeft(limited, carol, 480);
    await assert.rejects(carol.wire.call('ktResolve', { wanted: wanted(1), known: null }), { code: 'rate_limited' });
    // The ones that exist are still answered.
    await carol.wire.call('ktResolve', { wanted: [{ address: carol.address, fromVersion: 0 }], known: null });
  } finally {
    await limited.stop();
  }
});

/** Uses what is left without computing five hundred proofs. */
async function limitsLeft({ services }: TestServer, { wire }: TestOwner, count: number): Promise<void> {
  const account = Buffer.from((wire.authorization ?? '').slice('Bearer '.length), 'base64url').subarray(0, 16);
  services.limits.take('absent', account.toString('hex'), count);
}
