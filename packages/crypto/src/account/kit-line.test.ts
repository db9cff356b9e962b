import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { formatKitLine, type KitLine, parseKitLine } from './kit-line.ts';

const bytes = (lengthBytes: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: lengthBytes, maxLength: lengthBytes });
const kits: fc.Arbitrary<KitLine> = fc.record(
  {
    entropy: bytes(32),
    address: fc.stringMatching(/^[a-z0-9]{1,64}@[a-z0-9]{1,60}\.org$/),
    origin: fc.stringMatching(/^https:\/\/[a-z0-9]{1,60}\.org(:[1-9][0-9]{1,3})?$/),
    generation: fc.nat(0xffff_ffff),
    policy: fc.option(bytes(32)),
    genesis: bytes(32),
  },
  { noNullPrototype: true },
);
const kit: KitLine = {
  entropy: new Uint8Array(32).fill(1),
  address: 'alice@example.org',
  origin: 'https://example.org',
  generation: 20,
  policy: null,
  genesis: new Uint8Array(32).fill(3),
};

test('a kit comes back from its line', async () => {
  await fc.assert(
    fc.asyncProperty(kits, async (given) => {
      const line = await formatKitLine(nodeEngine, given);
      assert.match(line, /^[!-~]+( [!-~]+){7}$/);
      assert.ok(line.length <= 800);
      assert.deepEqual(await parseKitLine(nodeEngine, line), given);
    }),
  );
});

test('every changed character is refused', async () => {
  const line = await formatKitLine(nodeEngine, kit);
  for (let at = 0; at < line.length; at++) {
    for (const other of 'a7@/-'.replace(line[at] ?? '', '')) {
      const changed = line.slice(0, at) + other + line.slice(at + 1);
      await assert.rejects(() => parseKitLine(nodeEngine, changed), { code: 'kit_malformed' }, changed);
    }
  }
});

test('a refusal says nothing of what was on the kit', async () => {
  const line = await formatKitLine(nodeEngine, kit);
  await assert.rejects(
    () => parseKitLine(nodeEngine, `${line}x`),
    (error: Error) => line.split(' ').every((field) => !error.message.includes(field)),
  );
});

test('what is no kit is never written', async () => {
  const invalid: readonly (readonly [Partial<KitLine>, RegExp])[] = [
    [{ entropy: new Uint8Array(16) }, /^kit entropy must be 32/],
    [{ genesis: new Uint8Array(31) }, /^genesis hash must be 32/],
    [{ policy: new Uint8Array(33) }, /^policy hash must be 32/],
    [{ generation: -1 }, /^generation must be/],
    [{ generation: 2 ** 32 }, /^generation must be/],
    [{ generation: 1.5 }, /^generation must be/],
    [{ address: 'alice' }, /address/],
    [{ origin: 'example.org' }, /origin/],
  ];
  for (const [change, message] of invalid) {
    await assert.rejects(() => formatKitLine(nodeEngine, { ...kit, ...change }), { code: 'argument_invalid', message });
  }
});
