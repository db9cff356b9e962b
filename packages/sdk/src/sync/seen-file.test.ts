import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeJson } from '@latchkey/protocol/wire';
import fc from 'fast-check';
import { memoryProfile } from '../testing/index.ts';
import type { ArrivalMark, SpaceMark } from './marks.ts';
import { openSeen, parseSeen } from './seen-file.ts';

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const head = { device: bytes(16, 1), size: 3, root: bytes(32, 2), counter: 4, hour: 5, checked: true };
const mark: SpaceMark = {
  tip: { size: 3, peaks: bytes(64, 3) },
  past: [{ size: 1, peaks: bytes(32, 4) }],
  heads: [head, { ...head, device: bytes(16, 9), checked: false }],
  counter: 4,
  refetch: false,
};
const arrivals: ArrivalMark = {
  base: { size: 0, peaks: bytes(0, 0) },
  tip: { size: 2, peaks: bytes(32, 1) },
  heads: [head],
};
const damaged = { name: 'SdkError', code: 'profile_damaged' };

test('marks of spaces, of arrivals and the cursor of events lie in one file and do not touch each other', async () => {
  const profile = memoryProfile();
  const seen = openSeen(profile);
  assert.equal(await seen.space(bytes(16, 1)), null);
  assert.equal(await seen.arrivals(), null);
  assert.equal(await seen.eventCursor(), 0);
  await Promise.all([
    seen.keepSpace(bytes(16, 1), mark),
    openSeen(profile).keepSpace(bytes(16, 2), { ...mark, counter: 9, refetch: true }),
    seen.keepArrivals(arrivals),
    openSeen(profile).setEventCursor(77),
  ]);
  const again = openSeen(profile);
  const { space: _one, ...first } = { ...(await again.space(bytes(16, 1))), space: null };
  assert.deepEqual(first, mark);
  assert.deepEqual((await again.space(bytes(16, 2)))?.counter, 9);
  assert.equal((await again.space(bytes(16, 2)))?.refetch, true);
  assert.deepEqual(await again.arrivals(), arrivals);
  assert.equal(await again.eventCursor(), 77);
  await seen.keepSpace(bytes(16, 1), { ...mark, counter: 5 });
  assert.equal((await again.space(bytes(16, 1)))?.counter, 5, 'over the older mark');
  assert.equal(parseSeen(profile.files.get('seen')!).spaces.length, 2);
});

test('a change that fails does not hold up the next', async () => {
  const profile = memoryProfile();
  let fails = true;
  const seen = openSeen({
    ...profile,
    write: async (file, content) => {
      if (fails) throw new Error('disk full');
      await profile.write(file, content);
    },
  });
  await assert.rejects(seen.setEventCursor(1), { message: 'disk full' });
  fails = false;
  await seen.setEventCursor(2);
  assert.equal(await seen.eventCursor(), 2);
});

async function written(): Promise<string> {
  const profile = memoryProfile();
  const seen = openSeen(profile);
  await seen.keepSpace(bytes(16, 1), mark);
  await seen.keepArrivals(arrivals);
  return Buffer.from(profile.files.get('seen')!).toString('utf8');
}

const parse = (text: string): unknown => parseSeen(new Uint8Array(Buffer.from(text)));

test('a file that was not written like this is damaged, and says so', async () => {
  const text = await written();
  assert.doesNotThrow(() => parse(text));
  for (let end = 0; end < text.length; end += 7) assert.throws(() => parse(text.slice(0, end)), damaged);
  const b64 = (value: Uint8Array): string => Buffer.from(value).toString('base64url');
  const changes: readonly (readonly [string, string])[] = [
    ['"v":1', '"v":2'],
    ['"v":1', '"v":1,"more":1'],
    ['"size":3', '"size":4'],
    ['"size":3', '"size":-3'],
    ['"size":3', '"size":3.5'],
    ['"counter":4', '"counter":"4"'],
    ['"counter":4', '"counter":9007199254740992'],
    ['"hour":5', '"hour":4294967296'],
    ['"hour":5', '"hour":-1'],
    ['"checked":true', '"checked":1'],
    ['"refetch":false', '"refetch":null'],
    ['"eventCursor":0', '"eventCursor":-1'],
    ['"eventCursor":0', '"cursor":0'],
    [b64(bytes(16, 1)), b64(bytes(15, 1))],
    [b64(bytes(16, 1)), b64(bytes(17, 1))],
    [b64(bytes(32, 2)), b64(bytes(31, 2))],
    [b64(bytes(64, 3)), b64(bytes(96, 3))],
    [b64(bytes(64, 3)), `${b64(bytes(64, 3))}=`],
    [b64(bytes(64, 3)), '*'],
    ['"spaces":[', '"spaces":[{},'],
  ];
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), from);
    assert.throws(() => parse(text.replace(from, to)), damaged, `${from} → ${to}`);
  }
  assert.doesNotThrow(() => parse(text.replace('"hour":5', '"hour":4294967295')));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (noise) => {
      assert.throws(() => parseSeen(noise), damaged);
    }),
  );
});

test('as many spaces, heads and old places as there can be', () => {
  const list = <T>(length: number, of: (index: number) => T): T[] => Array.from({ length }, (_, index) => of(index));
  const full = (spaces: number, heads: number, past: number): Uint8Array => {
    const most = { ...mark, heads: list(heads, () => head), past: list(past, () => mark.past[0]!) };
    const marks = list(spaces, (index) => ({ space: bytes(16, index), ...(index === 0 ? most : mark) }));
    return new Uint8Array(Buffer.from(encodeJson({ v: 1, spaces: marks, arrivals: null, eventCursor: 0 })));
  };
  assert.equal(parseSeen(full(256, 256, 64)).spaces.length, 256);
  assert.throws(() => parseSeen(full(257, 1, 1)), damaged);
  assert.throws(() => parseSeen(full(1, 257, 1)), damaged);
  assert.throws(() => parseSeen(full(1, 1, 65)), damaged);
});
