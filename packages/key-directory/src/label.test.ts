import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexOf, labelBytes, vrfInput } from './label.ts';

test('the VRF is computed over its label, a zero and the address', () => {
  assert.equal(Buffer.from(vrfInput('alice@example.org')).toString(), 'latchkey/v1/address\0alice@example.org');
});

test('an index is the first half of the output, and a copy', () => {
  const output = new Uint8Array(64).map((_, at) => at);
  const index = indexOf(output);
  output.fill(0);
  assert.deepEqual(
    [...index],
    Array.from({ length: 32 }, (_, at) => at),
  );
});

test('a label has 1 to 255 bytes of UTF-8', () => {
  assert.equal(labelBytes('a'.repeat(255)).length, 255);
  assert.equal(labelBytes('é'.repeat(127)).length, 254);
  for (const label of ['', 'a'.repeat(256), 'é'.repeat(128), '\ud800', 'a\udc00']) {
    assert.throws(() => labelBytes(label), { name: 'KeyDirectoryError', code: 'argument_invalid' });
    assert.throws(() => vrfInput(label), { code: 'argument_invalid' });
  }
});
