import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress, statementHash } from '@latchkey/protocol';
import { keyOwner, newKit, type MadeIdentity, type TestKit } from '../../../test/key-owner.ts';
import { judgeHistory, type HistoryVerdict, type ShownStatement } from './judge-history.ts';
import { inForce, settle, type Standing } from './standing.ts';

const alice = canonicalAddress('alice@example.org');
const owner = keyOwner(alice);
const HOUR = 3_600;
const DAY = 24 * HOUR;
const NOW = 1_790_000_000;

let kit: TestKit;
let other: TestKit;
let zero: MadeIdentity;
let one: MadeIdentity;

before(async () => {
  kit = await newKit();
  other = await newKit();
  zero = await owner.genesis({ recovery: kit.recovery, holdHours: 100 });
  one = await owner.rotation({ after: zero, recovery: kit.recovery, holdHours: 100 });
});

function judge(
  shown: readonly ShownStatement[],
  { standing = null, at = NOW }: { readonly standing?: Standing | null; readonly at?: number } = {},
): Promise<HistoryVerdict> {
  return judgeHistory(nodeEngine, { address: alice, standing, shown, nowSeconds: at });
}

async function taken(...given: Parameters<typeof judge>): Promise<Standing> {
  const verdict = await judge(...given);
  assert.ok(verdict.taken && verdict.standing !== null, verdict.taken ? 'nothing' : verdict.reason);
  return verdict.standing;
}

async function refused(...given: Parameters<typeof judge>): Promise<string> {
  const verdict = await judge(...given);
  return verdict.taken ? 'taken' : `${verdict.reason} ${verdict.version}`;
}

function newest(standing: Standing, at: number): number {
  return inForce(settle(standing, at)).identity.statement.version;
}

test('a chain of versions is taken, whole or piece by piece', async () => {
  const whole = await taken([zero, one]);
  assert.equal(newest(whole, NOW), 1);
  assert.deepEqual(whole.genesis, statementHash(zero.statement));
  const pieces = await taken([one], { standing: await taken([zero]) });
  assert.deepEqual(pieces, whole);
  assert.deepEqual(await judge([]), { taken: true, standing: null });
  assert.deepEqual(await taken([], { standing: whole }), whole);
});

test('unsigned ghost version: whoever the keys in force did not sign is not taken', async () => {
  const standing = await taken([zero]);
  const ghost = await owner.alone({ after: zero, flag: 'signed' });
  assert.equal(await refused([ghost], { standing }), 'ghost_version 1');
  assert.equal(await refused([zero, ghost]), 'ghost_version 1');
  const stranger = await owner.genesis();
  const byStranger = await owner.rotation({ after: zero, by: stranger });
  assert.equal(await refused([byStranger], { standing }), 'ghost_version 1');
});

test('a version that its own keys did not sign is not taken', async () => {
  const stranger = await owner.genesis();
  const borrowed = { ...one, note: one.note.replace(/\n\n[^]*$/, zero.note.slice(zero.note.indexOf('\n\n'))) };
  assert.equal(await refused([zero, borrowed]), 'version_unsigned 1');
  const genesis = { ...zero, note: zero.note.replace(/\n\n[^]*$/, stranger.note.slice(stranger.note.indexOf('\n\n'))) };
  assert.equal(await refused([genesis]), 'version_unsigned 0');
});

test('genesis twice', async () => {
  const second = await owner.alone({ after: zero, flag: 'genesis' });
  assert.equal(await refused([zero, second]), 'genesis_twice 1');
  assert.equal(await refused([zero, { ...zero, version: 1 }]), 'chain_broken 1');
});

test('flags are the operator’s claim: a false one is refused', async () => {
  const standing = await taken([zero]);
  for (const flag of ['reset', 'veto', 'tombstone', 'reissue'] as const) {
    assert.equal(await refused([{ ...one, flag }], { standing }), 'flag_mismatch 1', flag);
    assert.equal(await refused([{ ...zero, flag }]), 'flag_mismatch 0', flag);
  }
  const reset = await owner.reset({ after: zero, kit });
  for (const flag of ['signed', 'veto', 'tombstone', 'reissue'] as const) {
    assert.equal(await refused([{ ...reset, flag }], { standing }), 'flag_mismatch 1', flag);
  }
  const tombstone = await owner.tombstone({ after: zero, by: zero, flag: 'signed' });
  assert.equal(await refused([tombstone], { standing }), 'flag_mismatch 1');
});

test('a left out, exchanged or deleted statement breaks the chain', async () => {
  const two = await owner.rotation({ after: one });
  const sibling = await owner.rotation({ after: zero });
  assert.equal(await refused([zero, two]), 'chain_broken 2');
  assert.equal(await refused([zero, { ...two, version: 1 }]), 'chain_broken 1');
  assert.equal(await refused([zero, sibling, two]), 'chain_broken 2');
  assert.equal(await refused([one]), 'chain_broken 1');
  assert.equal(await refused([zero, { ...one, note: null }]), 'statement_missing 1');
  assert.equal(await refused([zero, { ...one, note: 'x' }]), 'statement_malformed 1');
  const bob = await keyOwner(canonicalAddress('bob@example.org')).genesis();
  assert.equal(await refused([bob]), 'statement_malformed 0');
});

test('a reset by the kit counts when its hold is over, from when it was first seen', async () => {
  const reset = await owner.reset({ after: one, kit, recovery: other.recovery });
  const standing = await taken([reset], { standing: await taken([zero, one]), at: NOW + DAY });
  assert.equal(standing.waiting?.kind, 'reset');
  assert.equal(standing.waiting?.countsSeconds, NOW + DAY + 100 * HOUR);
  assert.equal(newest(standing, NOW + DAY + 100 * HOUR - 1), 1);
  assert.equal(newest(standing, NOW + DAY + 100 * HOUR), 2);
  // It may rotate its keys meanwhile; the clock does not begin anew.
  const three = await owner.rotation({ after: reset, recovery: other.recovery });
  const rotated = await taken([three], { standing, at: NOW + 2 * DAY });
  assert.equal(newest(rotated, NOW + DAY + 100 * HOUR - 1), 1);
  assert.equal(newest(rotated, NOW + DAY + 100 * HOUR), 3);
});

test('reset before the hold: whoever sees it first now waits, however long it is there', async () => {
  const reset = await owner.reset({ after: one, kit, recovery: other.recovery });
  const standing = await taken([zero, one, reset]);
  assert.equal(newest(standing, NOW), 1);
  assert.equal(newest(standing, NOW + 100 * HOUR), 2);
});

test('reset without recovery signature', async () => {
  const standing = await taken([zero, one]);
  const bare = await owner.alone({ after: one, flag: 'reset' });
  assert.equal(await refused([bare], { standing }), 'reset_unsigned 2');
  const foreign = await owner.reset({ after: one, kit: other });
  assert.equal(await refused([foreign], { standing }), 'reset_unsigned 2');
  const none = await owner.genesis();
  const hopeless = await owner.reset({ after: none, kit });
  assert.equal(await refused([none, hopeless]), 'reset_unsigned 1');
  // The lines of the kit, under a text that it did not sign.
  const reset = await owner.reset({ after: one, kit });
  const lines = reset.note.slice(reset.note.indexOf('\n\n')).split('\n').slice(4).join('\n');
  const borrowed = { ...bare, note: `${bare.note}${lines}` };
  assert.equal(await refused([borrowed], { standing }), 'reset_unsigned 2');
});

test('a kit that is no longer the one of the statement before resets nothing', async () => {
  const changed = await owner.rotation({ after: one, recovery: other.recovery, holdHours: 100 });
  const reset = await owner.reset({ after: changed, kit });
  const seen = await taken([zero, one, changed]);
  assert.equal(await refused([reset], { standing: seen, at: NOW + 100 * HOUR }), 'reset_unauthorised 3');
  // Until then it is still the one that counts: nobody locks an owner out by changing the kit.
  const inTime = await taken([reset], { standing: seen, at: NOW + 99 * HOUR });
  assert.equal(inTime.waiting?.countsSeconds, NOW + 199 * HOUR);
});

test('a reset by the kit before, seen at once with the change of the kit, is for a human to believe', async () => {
  const changed = await owner.rotation({ after: one, recovery: other.recovery, holdHours: 100 });
  const again = await owner.rotation({ after: changed, recovery: (await newKit()).recovery, holdHours: 100 });
  for (const [before, last] of [
    [[], changed],
    [[changed], again],
  ] as const) {
    const reset = await owner.reset({ after: last, kit });
    const standing = await taken([zero, one, ...before, last, reset]);
    assert.deepEqual([standing.waiting?.kind, standing.waiting?.countsSeconds], ['reset', null]);
    assert.equal(newest(standing, NOW + 365 * DAY), last.version);
    const veto = await owner.veto({ after: reset, kills: reset, by: last });
    assert.equal((await taken([veto], { standing })).waiting, null);
  }
});

test('weakened recovery used at once', async () => {
  const weakened = await owner.rotation({ after: one, recovery: other.recovery, holdHours: 72 });
  const reset = await owner.reset({ after: weakened, kit: other });
  const standing = await taken([weakened, reset], { standing: await taken([zero, one]), at: NOW });
  assert.equal(standing.waiting?.countsSeconds, NOW + (100 + 72) * HOUR);
  const shorter = await owner.rotation({ after: one, recovery: kit.recovery, holdHours: 72 });
  const sooner = await owner.reset({ after: shorter, kit });
  const held = await taken([shorter, sooner], { standing: await taken([zero, one]), at: NOW });
  assert.equal(held.waiting?.countsSeconds, NOW + (100 + 72) * HOUR);
  const longer = await owner.rotation({ after: one, recovery: kit.recovery, holdHours: 720 });
  const later = await owner.reset({ after: longer, kit });
  const strict = await taken([longer, later], { standing: await taken([zero, one]), at: NOW });
  assert.equal(strict.waiting?.countsSeconds, NOW + 720 * HOUR);
});

test('a weaker choice does not count sooner by being repeated, and not at all when it was taken back', async () => {
  const weakened = await owner.rotation({ after: one, recovery: other.recovery, holdHours: 100 });
  const repeated = await owner.rotation({ after: weakened, recovery: other.recovery, holdHours: 100 });
  const seen = await taken([weakened], { standing: await taken([zero, one]) });
  const again = await taken([repeated], { standing: seen, at: NOW + 50 * HOUR });
  assert.equal(inForce(again).recoveryCountsSeconds, NOW + 100 * HOUR);
  const back = await owner.rotation({ after: weakened, recovery: kit.recovery, holdHours: 100 });
  const restored = await taken([back], { standing: seen, at: NOW + 50 * HOUR });
  assert.equal(inForce(restored).recoveryCountsSeconds, NOW + 50 * HOUR);
});

test('reset after a veto', async () => {
  const reset = await owner.reset({ after: one, kit, recovery: kit.recovery, holdHours: 100 });
  const veto = await owner.veto({ after: reset, kills: reset, by: one });
  const standing = await taken([zero, one, reset, veto]);
  assert.equal(newest(standing, NOW + 365 * DAY), 1);
  const onward = await owner.rotation({ after: veto, by: reset });
  assert.equal(await refused([onward], { standing }), 'reset_vetoed 4');
  const own = await owner.rotation({ after: veto, by: one });
  assert.equal(newest(await taken([own], { standing }), NOW), 4);
  // The kit has the last word, after a second full hold; no veto stops it again.
  const second = await owner.reset({ after: veto, kit });
  const held = await taken([second], { standing, at: NOW + DAY });
  assert.ok(held.waiting?.countsSeconds === NOW + DAY + 100 * HOUR);
  assert.equal(held.waiting.overrides, true);
  const again = await owner.veto({ after: second, kills: second, by: one });
  const kept = await taken([again], { standing: held, at: NOW + DAY });
  assert.equal(newest(kept, NOW + DAY + 100 * HOUR - 1), 1);
  assert.equal(newest(kept, NOW + DAY + 100 * HOUR), 4);
});

test('the last word is that of the kit that was vetoed: a reset by the next kit can be vetoed again', async () => {
  const reset = await owner.reset({ after: one, kit });
  const veto = await owner.veto({ after: reset, kills: reset, by: one });
  const changed = await owner.rotation({ after: veto, by: one, recovery: other.recovery, holdHours: 100 });
  const standing = await taken([zero, one, reset, veto, changed]);
  const next = await owner.reset({ after: changed, kit: other });
  const again = await owner.veto({ after: next, kills: next, by: changed });
  const kept = await taken([next, again], { standing, at: NOW + 365 * DAY });
  assert.equal(kept.waiting, null);
  assert.equal(newest(kept, NOW + 1_000 * DAY), changed.version);
});

test('a veto counts by the keys in force alone, and for what waits', async () => {
  const reset = await owner.reset({ after: one, kit });
  const standing = await taken([zero, one, reset]);
  const forged = await owner.veto({ after: reset, kills: reset, by: { ...one, signer: zero.signer } });
  assert.equal(await refused([forged], { standing }), 'veto_invalid 3');
  const early = await owner.veto({ after: reset, kills: reset, by: zero });
  assert.equal(await refused([early], { standing }), 'veto_invalid 3');
  const misdirected = await owner.veto({ after: reset, kills: one, by: zero });
  assert.equal((await taken([misdirected], { standing })).disputed, true);
});

test('a veto that comes when the reset is in force leaves the address disputed', async () => {
  const reset = await owner.reset({ after: one, kit });
  const standing = await taken([zero, one, reset]);
  const veto = await owner.veto({ after: reset, kills: reset, by: one });
  const late = await taken([veto], { standing, at: NOW + 100 * HOUR });
  assert.equal(late.disputed, true);
  assert.equal((await taken([veto], { standing, at: NOW + 99 * HOUR })).disputed, false);
});

test('a tombstone ends an address, signed or not; only its own keys take it up again', async () => {
  for (const by of [one, undefined]) {
    const tombstone = await owner.tombstone({ after: one, ...(by === undefined ? {} : { by }) });
    const standing = await taken([zero, one, tombstone]);
    assert.deepEqual(standing.ended, { version: 2, seenSeconds: NOW });
    const back = await owner.rotation({ after: tombstone, by: one });
    assert.equal((await taken([back], { standing })).ended, null);
  }
});

test('re-issue shown as rotation', async () => {
  const tombstone = await owner.tombstone({ after: one });
  const next = await owner.alone({ after: tombstone, flag: 'signed' });
  assert.equal(await refused([zero, one, tombstone, next]), 'reissue_as_rotation 3');
  assert.equal(
    await refused([{ ...next, flag: 'reset' }], { standing: await taken([zero, one, tombstone]) }),
    'reset_unsigned 3',
  );
});

test('a re-issued address is another person: whoever knew it waits for a human, others thirty days', async () => {
  const tombstone = await owner.tombstone({ after: one });
  const next = await owner.alone({ after: tombstone });
  const knew = await taken([tombstone, next], { standing: await taken([zero, one]) });
  assert.equal(knew.waiting?.countsSeconds, null);
  assert.equal(newest(knew, NOW + 365 * DAY), 1);
  const stranger = await taken([zero, one, tombstone, next]);
  assert.equal(newest(stranger, NOW + 30 * DAY - 1), 1);
  assert.equal(newest(stranger, NOW + 30 * DAY), 3);
  assert.equal(settle(stranger, NOW + 30 * DAY).ended, null);
  const announced = await taken([zero, one, await owner.alone({ after: one })]);
  assert.equal(announced.waiting?.countsSeconds, NOW + 30 * DAY);
});

test('who holds a re-issued address is told by who it is from then on', async () => {
  const tombstone = await owner.tombstone({ after: one });
  const next = await owner.alone({ after: tombstone });
  const stranger = await taken([zero, one, tombstone, next]);
  assert.equal(stranger.reissued, null, 'not before it is in force');
  assert.equal(settle(stranger, NOW + 30 * DAY).reissued, 3);
});

test('a re-issue does not count by itself when the keys before still sign: they are not gone', async () => {
  const tombstone = await owner.tombstone({ after: one });
  const next = await owner.alone({ after: tombstone });
  const back = await owner.rotation({ after: next, by: one });
  const standing = await taken([zero, one, tombstone, next, back]);
  assert.equal(standing.waiting?.countsSeconds, null);
  assert.equal(newest(standing, NOW + 365 * DAY), 4);
});

test('whoever an address was given to may use a kit, and veto, while others still wait for a human', async () => {
  const tombstone = await owner.tombstone({ after: one });
  const next = await owner.alone({ after: tombstone, recovery: other.recovery, holdHours: 100 });
  const reset = await owner.reset({ after: next, kit: other });
  const known = await taken([tombstone, next], { standing: await taken([zero, one]) });
  for (const [waits, countsSeconds] of [
    [known, null],
    [await taken([zero, one, tombstone, next]), NOW + 28 * DAY + 100 * HOUR],
  ] as const) {
    const after = await taken([reset], { standing: waits, at: NOW + 28 * DAY });
    assert.deepEqual(after.waiting?.identity.hash, statementHash(reset.statement));
    assert.equal(after.waiting.countsSeconds, countsSeconds);
    const veto = await owner.veto({ after: reset, kills: reset, by: next });
    const vetoed = await taken([veto], { standing: after, at: NOW + 28 * DAY });
    assert.deepEqual(vetoed.waiting?.identity.hash, statementHash(next.statement));
    const foreign = await owner.veto({ after: reset, kills: reset, by: { ...next, signer: one.signer } });
    assert.equal(await refused([foreign], { standing: after }), 'veto_invalid 5');
    assert.equal(await refused([{ ...reset, flag: 'reissue' }], { standing: waits }), 'flag_mismatch 4');
    const stolen = await owner.reset({ after: next, kit });
    // The kit of who had the address before gives nobody what it is now.
    const before = await judge([stolen], { standing: waits, at: NOW });
    assert.ok(!before.taken || before.standing?.waiting?.kind === 'reset');
  }
});
