import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress } from '@latchkey/protocol';
import { encodeJson, limits } from '@latchkey/protocol/wire';
import { keyOwner } from '../../../test/key-owner.ts';
import { MemoryKeyLog } from '../../../test/memory-key-log.ts';
import { decodeContactCard, encodeContactCard, MAX_CARD_BYTES, type ContactCard } from './contact-card.ts';
import { ContactCardError } from './contact-card-error.ts';
import { verifyContactCard } from './verify-contact-card.ts';

const bob = canonicalAddress('bob@localhost');
const nowSeconds = 1_795_600_000;
const DAY = 86_400;
const log = new MemoryKeyLog({ nowSeconds: () => nowSeconds });
let card: ContactCard;

before(async () => {
  const owner = keyOwner(bob);
  const zero = await owner.genesis();
  const one = await owner.rotation({ after: zero });
  for (const { note } of [zero, one]) {
    await log.add(bob, note);
    await log.publish();
  }
  card = await cardFrom(1);
});

/** From this version on: an owner gives the one in force, and what came after it. */
async function cardFrom(version: number): Promise<ContactCard> {
  const { head, answers } = await log.answer({ known: null, wanted: [{ address: bob, fromVersion: version }] });
  const [lookup] = answers;
  assert.ok(lookup !== undefined);
  const { indexCheckpoint, indexLeaf, indexInclusion } = head;
  return {
    latchkey: 'contact/v1',
    address: bob,
    origin: 'https://localhost',
    policy: new Uint8Array(32).fill(7),
    madeSeconds: nowSeconds,
    head: { indexCheckpoint, indexLeaf, indexInclusion },
    vrfProof: lookup.vrfProof,
    positions: lookup.positions,
    mapProof: lookup.mapProof,
    leaves: lookup.leaves.map(({ leaf, inclusion, opened }) => {
      assert.ok(opened !== null);
      return { leaf, inclusion, opening: opened.opening, note: opened.note };
    }),
  };
}

function isRead(bytes: Uint8Array): boolean {
  try {
    decodeContactCard(bytes);
    return true;
  } catch (error) {
    assert.ok(error instanceof ContactCardError && error.reason === 'malformed', String(error));
    return false;
  }
}

test('what is written is read, and nothing but the one spelling', () => {
  const bytes = encodeContactCard(card);
  assert.deepEqual(decodeContactCard(bytes), card);
  const text = Buffer.from(bytes).toString();
  assert.ok(text.endsWith('}\n') && text.indexOf('\n') === text.length - 1);
  // Fields in the order of the specification.
  assert.deepEqual(
    [...text.matchAll(/"(\w+)":/g)].map(([, name]) => name),
    (
      'latchkey address origin policy madeSeconds head indexCheckpoint indexLeaf indexInclusion ' +
      'vrfProof positions mapProof leaves leaf inclusion opening note'
    ).split(' '),
  );
  for (const changed of [
    text.trimEnd(),
    `${text}\n`,
    ` ${text}`,
    text.replace('":', '": '),
    text.replace('contact/v1', 'contact/v2'),
    text.replace('{"latchkey"', '{"more":1,"latchkey"'),
    text.replace('"leaf":', '"more":1,"leaf":'),
    text.replace('"policy":"', '"policy":"='),
    text.replace(/"mapProof":"(.)/, '"mapProof":"$1='),
    text.replace('"mapProof":"', '"mapProof":"!'),
    '',
    '[]',
    'null\n',
  ]) {
    assert.notEqual(changed, text);
    assert.equal(isRead(Buffer.from(changed)), false, changed.slice(0, 40));
  }
  assert.equal(isRead(Uint8Array.from([...bytes.slice(0, -2), 0xff, 0x7d, 0x0a])), false, 'not UTF-8');
});

test('each field has its size, and each list its length', () => {
  const [leaf] = card.leaves;
  assert.ok(leaf !== undefined);
  const read = (changed: object): boolean => isRead(Buffer.from(`${encodeJson({ ...card, ...changed })}\n`));
  const many = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
  const hash = new Uint8Array(32);
  assert.ok(read({}));
  for (const size of [31, 33]) assert.equal(read({ policy: new Uint8Array(size) }), false);
  for (const size of [79, 81]) assert.equal(read({ vrfProof: new Uint8Array(size) }), false);
  for (const size of [65, 67]) assert.equal(read({ leaves: [{ ...leaf, leaf: new Uint8Array(size) }] }), false);
  for (const size of [15, 17]) assert.equal(read({ leaves: [{ ...leaf, opening: new Uint8Array(size) }] }), false);
  for (const size of [31, 33]) {
    assert.equal(read({ leaves: [{ ...leaf, inclusion: [new Uint8Array(size)] }] }), false);
    assert.equal(read({ head: { ...card.head, indexInclusion: [new Uint8Array(size)] } }), false);
  }
  const most = limits.MAX_PROOF_HASHES;
  for (const [count, taken] of [
    [most, true],
    [most + 1, false],
  ] as const) {
    assert.equal(read({ leaves: [{ ...leaf, inclusion: many(count, hash) }] }), taken);
    assert.equal(read({ head: { ...card.head, indexInclusion: many(count, hash) } }), taken);
  }
  for (const [count, taken] of [
    [0, false],
    [1, true],
    [limits.MAX_VERSIONS, true],
    [limits.MAX_VERSIONS + 1, false],
  ] as const) {
    assert.equal(read({ positions: many(count, 1) }), taken, `${count} positions`);
  }
  const short = { ...leaf, note: 'a' };
  for (const [count, taken] of [
    [0, false],
    [16, true],
    [17, false],
  ] as const) {
    assert.equal(read({ leaves: many(count, short) }), taken, `${count} leaves`);
  }
  for (const field of ['indexCheckpoint', 'indexLeaf']) {
    assert.equal(read({ head: { ...card.head, [field]: '' } }), false);
    assert.equal(read({ head: { ...card.head, [field]: 'a'.repeat(limits.MAX_LOG_ENTRY_CHARS) } }), true);
    assert.equal(read({ head: { ...card.head, [field]: 'a'.repeat(limits.MAX_LOG_ENTRY_CHARS + 1) } }), false);
  }
  assert.equal(read({ mapProof: new Uint8Array(limits.MAX_MAP_PROOF_BYTES) }), true);
  assert.equal(read({ mapProof: new Uint8Array(limits.MAX_MAP_PROOF_BYTES + 2) }), false);
  for (const number of [-1, 1.5, '1']) assert.equal(read({ madeSeconds: number }), false);
});

test('a card has at most 262,144 bytes, of which each is looked at only if it may be one', () => {
  const [leaf] = card.leaves;
  assert.ok(leaf !== undefined);
  const rest = { ...leaf, note: 'a'.repeat(60_000) };
  const sizeOf = (last: number): Uint8Array =>
    encodeContactCard({ ...card, leaves: [rest, rest, rest, rest, { ...rest, note: 'a'.repeat(last) }] });
  const room = MAX_CARD_BYTES - sizeOf(1).length + 1;
  assert.equal(sizeOf(room).length, MAX_CARD_BYTES);
  assert.equal(isRead(sizeOf(room)), true);
  assert.equal(isRead(sizeOf(room + 1)), false);
});

async function verdict(changed: Partial<ContactCard>, now = nowSeconds): Promise<string> {
  try {
    const made = { ...card, ...changed };
    const { identity, head } = await verifyContactCard(
      nodeEngine,
      { log: log.pin, address: bob, nowSeconds: now },
      made,
    );
    assert.equal(head.keys.size, 2);
    return `version ${identity.statement.version}`;
  } catch (error) {
    assert.ok(error instanceof ContactCardError && error.reason === 'proof_wrong', String(error));
    return error.refused ?? '';
  }
}

test('a card proves the identity that it begins with, under the pinned log, when it was made', async () => {
  assert.equal(await verdict({}), 'version 1');
  assert.equal(await verdict(await cardFrom(0)), 'version 0');
  // Old cards are good; what is true now is asked of the log. Clocks may differ by a day.
  assert.equal(await verdict({}, nowSeconds + 1_000 * DAY), 'version 1');
  assert.equal(await verdict({}, nowSeconds - DAY), 'version 1');
  assert.equal(await verdict({}, nowSeconds - DAY - 1), 'head_ahead_of_time');
});

test('a card that was changed proves nothing, with the log’s reason', async () => {
  const [leaf] = card.leaves;
  const [zero] = (await cardFrom(0)).leaves;
  assert.ok(leaf !== undefined && zero !== undefined);
  const { head } = card;
  const spoilt = head.indexCheckpoint.replace(/\n(\d+)\n/, (_all, size: string) => `\n${Number(size) + 1}\n`);
  for (const [changed, reason] of [
    [{ head: { ...head, indexCheckpoint: spoilt } }, 'signature_wrong'],
    [{ head: { ...head, indexInclusion: [] } }, 'index_leaf_not_last'],
    [{ vrfProof: new Uint8Array(80) }, 'vrf_wrong'],
    [{ positions: [1] }, 'map_proof_wrong'],
    [{ positions: [0, 1, 2] }, 'positions_malformed'],
    [{ mapProof: new Uint8Array(0) }, card.mapProof.length === 0 ? 'version 1' : 'map_proof_wrong'],
    [{ leaves: [{ ...leaf, opening: new Uint8Array(16) }] }, 'commitment_wrong'],
    [{ leaves: [{ ...leaf, inclusion: [] }] }, 'leaf_not_in_log'],
    [{ leaves: [zero] }, 'leaf_not_in_log'],
    [{ leaves: [leaf, leaf, leaf] }, 'leaves_missing'],
  ] as const) {
    assert.equal(await verdict(changed), reason, reason);
  }
});
