import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { recordingEngine } from '../engine/recording-engine.ts';
import { sealDelivery } from './delivery.ts';
import { wrapRoot } from './latch.ts';
import { LONGEST_RECORD_BODY_BYTES, openRecord, type RecordPlace, sealRecord } from './record.ts';

const place: RecordPlace = {
  space: new Uint8Array(16).fill(1),
  epoch: 3,
  record: new Uint8Array(16).fill(2),
  version: 5n,
  membershipNote: null,
};
const keyring = { engine: nodeEngine, epochSecret: new Uint8Array(32).fill(9) };

test('what is sealed opens again, at any length', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 20_000 }), async (body) => {
      const sealed = await sealRecord(keyring, place, body);
      assert.deepEqual(await openRecord(keyring, place, sealed), Uint8Array.from(body));
    }),
    { numRuns: 50 },
  );
});

test('a body may have 16 MiB', () => {
  assert.equal(LONGEST_RECORD_BODY_BYTES, 16_777_216);
});

test('the longest body is taken, a longer one is refused on both sides', async () => {
  const longest = new Uint8Array(LONGEST_RECORD_BODY_BYTES).fill(7);
  const sealed = await sealRecord(keyring, place, longest);
  assert.deepEqual(await openRecord(keyring, place, sealed), longest);
  await assert.rejects(sealRecord(keyring, place, new Uint8Array(LONGEST_RECORD_BODY_BYTES + 1)), {
    code: 'argument_invalid',
  });
  const longer = new Uint8Array(sealed.length + 1);
  longer.set(sealed);
  await assert.rejects(openRecord(keyring, place, longer), { code: 'record_malformed' });
});

test('any single changed bit is refused', async () => {
  const sealed = await sealRecord(keyring, place, new Uint8Array([1, 2, 3]));
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(7), async (at, bit) => {
      const changed = sealed.with(at, (sealed[at] ?? 0) ^ (1 << bit));
      await assert.rejects(openRecord(keyring, place, changed), {
        code: at < 5 ? 'record_malformed' : 'record_damaged',
      });
    }),
    { numRuns: 300 },
  );
});

/** One thing that a client does: what, on which of two devices, and how often it is tried. */
interface Act {
  readonly what: 'write' | 'same again' | 'wrap' | 'deliver';
  readonly device: 0 | 1;
  readonly attempts: number;
  readonly value: number;
}

const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.record({
    what: fc.constantFrom('write', 'same again', 'wrap', 'deliver'),
    device: fc.constantFrom(0, 1),
    attempts: fc.integer({ min: 1, max: 3 }),
    value: fc.nat(3),
  }),
  { minLength: 5, maxLength: 30 },
);

test('no key and nonce serve two plaintexts: retries, conflicts, two devices that do not know of each other', async () => {
  let sealings = 0;
  await fc.assert(
    fc.asyncProperty(acts, async (history) => {
      const recording = recordingEngine(nodeEngine);
      const { engine } = recording;
      // Both devices start from the same state, and each write that "failed" is tried again with other bytes.
      const versions = [place.version, place.version];
      for (const { what, device, attempts, value } of history) {
        for (let attempt = 0; attempt < attempts; attempt += 1) {
          const body = new Uint8Array([value, what === 'same again' ? 0 : attempt]);
          const version = versions[device] ?? 0n;
          if (what === 'wrap') {
            const root = new Uint8Array(32).fill(value * 4 + attempt);
            const latch = { account: place.space, latch: place.record, kind: 'password', generation: 1 } as const;
            await wrapRoot({ engine, kek: keyring.epochSecret }, latch, root);
          } else if (what === 'deliver') {
            // A fresh header for each text: 32 random bytes stand for its encapsulation.
            const header = engine.randomBytes(32);
            await sealDelivery({ engine, fileKey: place.space, header, payloadNonce: place.record }, body);
          } else {
            await sealRecord({ ...keyring, engine }, { ...place, version }, body);
          }
        }
        versions[device] = (versions[device] ?? 0n) + 1n;
      }
      assert.deepEqual(recording.reuses(), []);
      sealings += recording.sealings();
    }),
    { numRuns: 60 },
  );
  assert.ok(sealings >= 300, 'the property looked at something');
});

test('the recording engine notices a salt that comes back, and a delivery part sealed twice under one header', async () => {
  const stuck = { ...nodeEngine, randomBytes: (lengthBytes: number) => new Uint8Array(lengthBytes) };
  const recording = recordingEngine(stuck);
  const seal = (value: number): Promise<Uint8Array> =>
    sealRecord({ ...keyring, engine: recording.engine }, place, new Uint8Array([value]));
  await seal(1);
  await seal(1);
  assert.deepEqual(recording.reuses(), [], 'the same bytes again are no second plaintext');
  await seal(2);
  assert.equal(recording.reuses().length, 1);
  const delivery = { engine: recording.engine, fileKey: place.space, header: place.record, payloadNonce: place.record };
  await sealDelivery(delivery, new Uint8Array([1]));
  await sealDelivery(delivery, new Uint8Array([2]));
  assert.equal(recording.reuses().length, 2);
  assert.equal(recording.sealings(), 5);
  const input = { key: new Uint8Array(32), nonce: new Uint8Array(12), bytes: new Uint8Array(3) };
  await recording.engine.aeadSeal({ ...input, ad: new Uint8Array(1) });
  await recording.engine.aeadSeal({ ...input, ad: new Uint8Array(2) });
  assert.equal(recording.reuses().length, 3, 'other additional data is another use');
  await recording.engine.aeadSeal({ ...input, nonce: new Uint8Array(12).fill(1) });
  assert.equal(recording.reuses().length, 3, 'another nonce is another pair');
});
