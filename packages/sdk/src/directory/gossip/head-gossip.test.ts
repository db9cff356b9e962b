import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress } from '@latchkey/protocol';
import { keyOwner } from '../../../test/key-owner.ts';
import { MemoryKeyLog, testWitness } from '../../../test/memory-key-log.ts';
import { memoryVault, type MemoryVault } from '../../../test/memory-vault.ts';
import { memoryProfile, type MemoryProfile } from '../../testing/index.ts';
import { evidenceFacts, evidenceFile } from '../key-log/evidence.ts';
import { verifyEvidence } from '../key-log/verify-evidence.ts';
import { headGossip, noGossip, type ClaimedView, type HeadGossip, type LogView } from './head-gossip.ts';

const alice = canonicalAddress('alice@localhost');
const bob = canonicalAddress('bob@localhost');
const HOUR = 3_600;
/** Ten o'clock and a little, in the middle of a day. */
const START: number = 498_778 * HOUR + 300;
const north = await testWitness('north');

let nowSeconds: number;
let log: MemoryKeyLog;
let vault: MemoryVault;
let profile: MemoryProfile;
let asked: string[];

beforeEach(async () => {
  nowSeconds = START;
  log = await newLog();
  vault = memoryVault();
  profile = memoryProfile();
  asked = [];
});

/** Two logs with the same keys: what an operator has who shows two people two of them. */
async function newLog(leaves = 2): Promise<MemoryKeyLog> {
  const made = new MemoryKeyLog({ nowSeconds: () => nowSeconds, witnesses: [north] });
  for (let at = 0; at < leaves; at++) await grow(made);
  return made;
}

let owners = 0;
async function grow(made: MemoryKeyLog): Promise<void> {
  const address = canonicalAddress(`owner${(owners += 1)}@localhost`);
  await made.add(address, (await keyOwner(address).genesis()).note);
  await made.publish();
}

/** Another process of the same device, unless it is another's. */
function gossip(on: { readonly profile?: MemoryProfile; readonly vault?: MemoryVault } = {}): HeadGossip {
  const wire = log.wire();
  const clock = { nowMs: () => nowSeconds * 1_000, sleep: async () => undefined };
  return headGossip({
    engine: nodeEngine,
    wire: {
      ...wire,
      call: (route, request, options) => {
        asked.push(JSON.stringify(request));
        return wire.call(route, request, options);
      },
    },
    vault: on.vault ?? vault,
    clock,
    profile: on.profile ?? profile,
    address: alice,
    log: log.pin,
  });
}

function claim(checkpoint: string | null, changed: Partial<ClaimedView> = {}): ClaimedView {
  return { from: bob, checkpoint, dateSeconds: nowSeconds, arrivalHour: Math.floor(nowSeconds / HOUR), ...changed };
}

const says = (checkpoint: string | null, changed: Partial<ClaimedView> = {}): Promise<LogView> =>
  gossip().compareView(claim(checkpoint, changed));

async function evidence(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const body of vault.bodies.values()) {
    if (body.kind !== 'evidence') continue;
    assert.equal(evidenceFacts(body)?.rule, 6);
    const verdict = await verifyEvidence(nodeEngine, evidenceFile(body));
    assert.ok(verdict.holds);
    found.push(`${verdict.reason} ${verdict.address}`);
  }
  return found.toSorted();
}

test('what a sender takes is what its reader finds, and whole days are asked for once', async () => {
  const note = await gossip().hourHead();
  assert.ok(note !== null && note === (await log.strike()));
  assert.equal(await gossip().hourHead(), note);
  assert.deepEqual(asked.length, 1);
  await grow(log);
  assert.equal(await says(note), 'same');
  // Today's heads are kept; the two days before it are fetched, whatever the message says.
  assert.equal(asked.length, 3);
  nowSeconds += HOUR;
  const next = await gossip().hourHead();
  assert.notEqual(next, note);
  assert.deepEqual([await says(next), await says(note)], ['same', 'same']);
  assert.equal(asked.length, 4);
  assert.deepEqual(await evidence(), []);
});

test('without a key log there is nothing to carry and nothing to compare', async () => {
  assert.deepEqual([await noGossip.hourHead(), await noGossip.keepDay()], [null, null]);
  assert.deepEqual(
    [await noGossip.compareView(claim(null)), await noGossip.compareView(claim('x'))],
    ['none', 'not_compared'],
  );
  assert.equal(await says(null), 'none');
  assert.deepEqual(asked, []);
});

test('gossip mismatch: an operator who shows two people two logs is proved to anybody', async () => {
  await log.strike();
  const mine = log;
  log = await newLog(3);
  const theirs = await gossip({ profile: memoryProfile(), vault: memoryVault() }).hourHead();
  log = mine;
  assert.equal(await says(theirs), 'contradicts');
  assert.deepEqual(await evidence(), [`gossip_mismatch ${bob}`]);
  // Another fork of one size, of another hour.
  log = await newLog(2);
  nowSeconds -= HOUR;
  const sameSize = await log.strike();
  nowSeconds += HOUR;
  log = mine;
  const carol = canonicalAddress('carol@localhost');
  assert.equal(await says(sameSize, { from: carol }), 'contradicts');
  assert.deepEqual(await evidence(), [`gossip_mismatch ${bob}`, `gossip_mismatch ${carol}`]);
});

test('evidence that was changed proves nothing', async () => {
  await log.strike();
  const mine = log;
  log = await newLog(3);
  const theirs = await log.strike();
  log = mine;
  assert.equal(await says(theirs), 'contradicts');
  const [body] = [...vault.bodies.values()].filter(({ kind }) => kind === 'evidence');
  assert.ok(body !== undefined);
  const [one, other] = body['heads'] as [string, string];
  const judge = async (heads: readonly [string, string]): Promise<boolean> =>
    (await verifyEvidence(nodeEngine, evidenceFile({ ...body, heads }))).holds;
  assert.equal(await judge([one, other]), true);
  assert.equal(await judge([one, one]), false);
  assert.equal(await judge([one, other.slice(0, -2)]), false);
  assert.equal(await judge([one, other.replace(/\n\d+\n/, '\n9\n')]), false);
  // Without its witness nobody but the log has signed it, and this log's policy asks for more.
  const lines = other.split('\n').filter((line) => !line.includes('north'));
  assert.equal(await judge([one, lines.join('\n')]), false);
  const { log: pin } = body as unknown as { log: Record<string, unknown> };
  const stranger = { ...body, log: { ...pin, domain: 'example.org' } };
  assert.equal((await verifyEvidence(nodeEngine, evidenceFile(stranger))).holds, false);
});

test('a malicious correspondent makes no alarm: whatever he carries without a second signature is only inconsistent', async () => {
  const hourly = await log.strike();
  const stranger = new MemoryKeyLog({ nowSeconds: () => nowSeconds, vrfWord: 'another' });
  await grow(stranger);
  await grow(log);
  const published = Buffer.from(log.indexCheckpoint).toString();
  const unwitnessed = Buffer.from(await log.sign(log.index, { cosigners: [], timeSeconds: nowSeconds })).toString();
  const extended = Buffer.from(await log.sign(log.index, { extensions: ['more'] })).toString();
  const withStrangersLine = `${hourly}— somebody ${Buffer.alloc(68).toString('base64')}\n`;
  for (const [what, note] of Object.entries({
    nothing: 'not a note',
    published,
    unwitnessed,
    extended,
    withStrangersLine,
    ofAnotherLog: await stranger.strike(),
    keysLog: Buffer.from(await log.sign(log.keys)).toString(),
    otherSize: hourly.replace(/\n\d+\n/, '\n9\n'),
    long: `${hourly}${'x'.repeat(60_000)}`,
  })) {
    assert.equal(await says(note), 'inconsistent', what);
  }
  assert.deepEqual(await evidence(), []);
});

test('the head of an hour that is not shown here is inconsistent, and no proof', async () => {
  nowSeconds -= HOUR;
  const hidden = await log.strike();
  log.hourNotes.clear();
  nowSeconds += HOUR;
  assert.equal(await says(hidden), 'inconsistent');
  assert.deepEqual(await evidence(), []);
});

test('a message that is late is not compared; one that only says so is', async () => {
  nowSeconds -= 80 * HOUR;
  const old = await log.strike();
  const then = nowSeconds;
  nowSeconds += 80 * HOUR;
  assert.equal(await says(old, { dateSeconds: then }), 'not_compared');
  assert.equal(await says(old), 'inconsistent');
  assert.equal(await says(old, { dateSeconds: then, arrivalHour: Math.floor(then / HOUR) }), 'same');
  assert.equal(await says(old, { dateSeconds: then, arrivalHour: Math.floor(then / HOUR) - 800 }), 'not_compared');
  // A server's word that it arrived in a far future is no day to ask for.
  assert.equal(await says(await log.strike(), { arrivalHour: 4_000_000_000 }), 'same');
  assert.equal(await says(old, { from: canonicalAddress('bob@example.org') }), 'not_compared');
});

test('rollback through the hours: a head that was shown once cannot be exchanged', async () => {
  const first = await gossip().hourHead();
  const honest = log;
  const fork = await newLog(3);
  log = fork;
  await log.strike();
  assert.equal(await gossip().hourHead(), first, 'what this device has is enough for this hour');
  nowSeconds += HOUR;
  await assert.rejects(gossip().hourHead(), { code: 'key_log_refused', rule: 6, reason: 'gossip_mismatch' });
  assert.deepEqual(await evidence(), [`gossip_mismatch ${alice}`]);
  // Who only reads keeps it too.
  vault = memoryVault();
  profile = memoryProfile();
  nowSeconds -= HOUR;
  log = honest;
  await gossip().hourHead();
  log = fork;
  nowSeconds += 2 * HOUR;
  await says(first);
  assert.deepEqual((await evidence()).includes(`gossip_mismatch ${alice}`), true);
  // One that went away is not forgotten.
  log = honest;
  log.hourNotes.clear();
  assert.equal(await says(first), 'same');
});

test('freeze through the hours: a sender is shown no head of the last day, and does not send', async () => {
  await log.strike();
  nowSeconds += 26 * HOUR;
  const frozen = log.hourNotes;
  const hours = log.hours.bind(log);
  log.hours = async ({ day }) => {
    const { heads } = await hours({ day });
    return { heads: heads.filter(({ hour }) => hour < Math.floor(nowSeconds / HOUR)) };
  };
  await assert.rejects(gossip().hourHead(), { rule: 6, reason: 'hour_head_missing' });
  nowSeconds += 48 * HOUR;
  await assert.rejects(gossip().hourHead(), { rule: 6, reason: 'hour_head_missing' });
  assert.ok(frozen.size > 0);
});

test('a head that is not the hour’s own is not carried', async () => {
  const hour = Math.floor(nowSeconds / HOUR);
  for (const [what, note] of Object.entries({
    unstamped: Buffer.from(log.indexCheckpoint).toString(),
    ofAnotherHour: await log.strike(hour - 1),
    unwitnessed: Buffer.from(await log.sign(log.index, { cosigners: [], timeSeconds: hour * HOUR })).toString(),
    tooLong: `${await log.strike()}${`— somebody ${Buffer.alloc(68).toString('base64')}\n`.repeat(500)}`,
  })) {
    log.hourNotes.set(hour, note);
    await assert.rejects(gossip({ profile: memoryProfile() }).hourHead(), { reason: 'hour_head_wrong' }, what);
  }
});

test('after the owner has added a witness, hours from before that need it not; later ones do', async () => {
  const south = await testWitness('south');
  const nowHour = Math.floor(nowSeconds / HOUR);
  const mail = await log.strike(nowHour - 1);
  const before = await log.strike();
  const { policy } = log.pin;
  const asks = new MemoryKeyLog({ nowSeconds: () => nowSeconds, witnesses: [north, south] });
  log.pin = { ...log.pin, policy: asks.pin.policy };
  await assert.rejects(gossip().hourHead(), { reason: 'hour_head_wrong' });
  log.pin = { ...log.pin, former: { policy, untilHour: nowHour } };
  assert.equal(await gossip().hourHead(), before);
  assert.deepEqual([await says(before), await says(mail)], ['same', 'same']);
  // Two heads of one hour that only the former witnesses have signed: refused, though nobody could be shown it.
  const fork = await newLog(3);
  assert.equal(await says(await fork.strike()), 'inconsistent');
  // From the next hour on the witness is asked for.
  nowSeconds += HOUR;
  await log.strike();
  await assert.rejects(gossip().hourHead(), { reason: 'hour_head_wrong' });
  log.witnesses = [north, south];
  log.hourNotes.delete(nowHour + 1);
  const next = await log.strike();
  profile = memoryProfile();
  assert.equal(await gossip().hourHead(), next);
  assert.equal(await says(next), 'same');
  assert.deepEqual(await evidence(), []);
});

test('a file of hours that was spoilt, or is of another log, is asked for again', async () => {
  const note = await gossip().hourHead();
  await profile.write('hours', new TextEncoder().encode('{'));
  assert.equal(await gossip().hourHead(), note);
  log = new MemoryKeyLog({ nowSeconds: () => nowSeconds, vrfWord: 'another' });
  await grow(log);
  assert.equal(await gossip().hourHead(), await log.strike());
  assert.equal(asked.length, 3);
});
