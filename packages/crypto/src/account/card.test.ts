import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { type Card, formatCard, parseCard } from './card.ts';

const malformed = { code: 'card_malformed' };
const bytes = (lengthBytes: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: lengthBytes, maxLength: lengthBytes });
const cards: fc.Arbitrary<Card> = fc.record(
  {
    accountSecret: bytes(16),
    address: fc.stringMatching(/^[a-z0-9]{1,64}@[a-z0-9]{1,60}\.org$/),
    origin: fc.stringMatching(/^https:\/\/[a-z0-9]{1,60}\.org(:[1-9][0-9]{1,3})?$/),
    serverKey: bytes(32).map((key) => Buffer.from(key).toString('base64url')),
    policy: fc.option(bytes(32)),
  },
  { noNullPrototype: true },
);
const card: Card = {
  accountSecret: new Uint8Array(16).fill(1),
  address: 'alice@example.org',
  origin: 'https://example.org',
  serverKey: Buffer.alloc(32, 2).toString('base64url'),
  policy: new Uint8Array(32).fill(3),
};

test('a card comes back from its line', async () => {
  await fc.assert(
    fc.asyncProperty(cards, async (given) => {
      const line = await formatCard(nodeEngine, given);
      assert.match(line, /^[!-~]+( [!-~]+){6}$/);
      assert.ok(line.length <= 800);
      assert.deepEqual(await parseCard(nodeEngine, line), given);
    }),
  );
});

test('every changed bit is refused, but one that makes a capital of a letter', async () => {
  const line = await formatCard(nodeEngine, card);
  let capitals = 0;
  for (let at = 0; at < line.length; at++) {
    for (let bit = 1; bit < 0x100; bit <<= 1) {
      const changed = line.slice(0, at) + String.fromCharCode(line.charCodeAt(at) ^ bit) + line.slice(at + 1);
      if (changed.toLowerCase() === line) {
        capitals++;
        assert.deepEqual(await parseCard(nodeEngine, changed), card);
      } else {
        await assert.rejects(() => parseCard(nodeEngine, changed), malformed, `bit ${bit} at ${at}`);
      }
    }
  }
  assert.equal(capitals, line.match(/[a-z]/g)?.length);
});

test('a character left out, doubled or changed places is refused', async () => {
  const line = await formatCard(nodeEngine, card);
  for (let at = 0; at < line.length; at++) {
    const [before, here, next, after] = [line.slice(0, at), line[at] ?? '', line[at + 1] ?? '', line.slice(at + 2)];
    const changed = [before + next + after, before + here + here + next + after, before + next + here + after];
    for (const text of changed.filter((one) => one.trim().replaceAll(/ +/g, ' ') !== line)) {
      await assert.rejects(() => parseCard(nodeEngine, text), malformed, text);
    }
  }
});

test('a refusal says nothing of what was on the card', async () => {
  const line = await formatCard(nodeEngine, card);
  await assert.rejects(
    () => parseCard(nodeEngine, `${line}x`),
    (error: Error) => line.split(' ').every((field) => !error.message.includes(field)),
  );
});

test('what is no card is never written', async () => {
  const invalid: readonly (readonly [Partial<Card>, RegExp])[] = [
    [{ accountSecret: new Uint8Array(15) }, /^account secret must be 16/],
    [{ address: 'Alice@example.org' }, /address/],
    [{ address: 'alice bob@example.org' }, /address/],
    [{ origin: 'https://example.org/' }, /origin/],
    [{ serverKey: Buffer.alloc(31).toString('base64url') }, /server key/],
    [{ serverKey: Buffer.alloc(33).toString('base64url') }, /server key/],
    [{ serverKey: `${card.serverKey}=` }, /server key/],
    [{ policy: new Uint8Array(31) }, /^policy hash must be 32/],
  ];
  for (const [change, message] of invalid) {
    await assert.rejects(() => formatCard(nodeEngine, { ...card, ...change }), { code: 'argument_invalid', message });
  }
});
