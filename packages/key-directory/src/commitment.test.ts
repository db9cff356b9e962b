import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { commit } from './commitment.ts';

const opening16 = fc.uint8Array({ minLength: 16, maxLength: 16 });

function reference(opening: Uint8Array, label: string, version: number, note: Uint8Array): Uint8Array {
  const name = Buffer.from(label);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(version, 0);
  numbers.writeUInt32BE(note.length, 4);
  const mac = createHmac('sha256', Buffer.from('d821f8790d97709796b4d7903357c3f5', 'hex'));
  mac
    .update(opening)
    .update(Buffer.from([name.length]))
    .update(name)
    .update(numbers)
    .update(note);
  return new Uint8Array(mac.digest());
}

test('a commitment is the HMAC of the specification', () => {
  const label = fc
    .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
    .filter((text) => Buffer.byteLength(text) < 256);
  fc.assert(
    fc.property(opening16, label, fc.nat(65_535), fc.uint8Array({ maxLength: 300 }), (opening, name, version, note) => {
      assert.deepEqual(commit({ opening, label: name, version, note }), reference(opening, name, version, note));
    }),
  );
});

test('a label of 255 bytes is the longest, a note of 2 MiB the largest', () => {
  const opening = new Uint8Array(16);
  const note = new Uint8Array(2 * 1024 * 1024);
  const label = 'a'.repeat(255);
  assert.deepEqual(commit({ opening, label, version: 0, note }), reference(opening, label, 0, note));
});

test('what is beyond its limits is not committed to', () => {
  const good = { opening: new Uint8Array(16), label: 'alice@example.org', version: 0, note: new Uint8Array(1) };
  const refused = { name: 'KeyDirectoryError', code: 'argument_invalid' };
  for (const bad of [
    { opening: new Uint8Array(15) },
    { opening: new Uint8Array(17) },
    { label: '' },
    { label: 'a'.repeat(256) },
    { label: '\ud800' },
    { label: 'é'.repeat(128) },
    { version: -1 },
    { version: 1.5 },
    { version: 65_536 },
    { note: new Uint8Array(2 * 1024 * 1024 + 1) },
  ]) {
    assert.throws(() => commit({ ...good, ...bad }), refused);
  }
  assert.equal(commit(good).length, 32);
});
