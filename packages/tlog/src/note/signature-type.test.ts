import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allNoteTypes, cosignatureTypes, logTypes } from './signature-type.ts';

test('identifiers, names and sizes are those of signed-note, tlog-cosignature and docs/spec/03', () => {
  const rows = allNoteTypes.map(({ name, algorithm, identifier, publicKeyBytes, signatureBytes }) =>
    [name, algorithm, Buffer.from(identifier).toString('latin1'), publicKeyBytes, signatureBytes].join(' '),
  );
  assert.deepEqual(rows, [
    'ed25519 ed25519 \u0001 32 64',
    'mldsa44 mldsa44 \u00fflatchkey/mldsa44/v1 1312 2420',
    'ed25519-cosignature ed25519 \u0004 32 72',
    'mldsa44-cosignature mldsa44 \u0006 1312 2428',
  ]);
  assert.deepEqual(
    [cosignatureTypes, logTypes].map((types) => types.map(({ name }) => name)),
    [
      ['ed25519-cosignature', 'mldsa44-cosignature'],
      ['ed25519', 'mldsa44-cosignature'],
    ],
  );
});
