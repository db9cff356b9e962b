import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSignatures } from './with-signatures.ts';

const line = (keyName: string, keyId: number, byte: number) => ({ keyName, keyId, signature: Uint8Array.of(byte) });

test('a line is added, or takes the place of the same key’s', () => {
  const note = { text: 't\n', signatures: [line('a', 1, 1), line('b', 2, 2)] };
  const more = withSignatures(note, [line('a', 1, 9), line('a', 2, 3), line('b', 1, 4)]);
  assert.deepEqual(more, {
    text: 't\n',
    signatures: [line('a', 1, 9), line('b', 2, 2), line('a', 2, 3), line('b', 1, 4)],
  });
  assert.equal(note.signatures.length, 2);
});
