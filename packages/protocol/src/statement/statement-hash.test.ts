import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { anyStatement, identity } from '../../test/arbitrary-statement.ts';
import { formatStatement } from './format-statement.ts';
import { identityKeyName, statementHash, statementTextHash } from './statement-hash.ts';

test('the hash is over the label and the text', () => {
  fc.assert(
    fc.property(anyStatement, (statement) => {
      const expected = createHash('sha256')
        .update('latchkey/v1/statement\0')
        .update(formatStatement(statement))
        .digest();
      assert.deepEqual(Buffer.from(statementHash(statement)), expected);
      assert.deepEqual(Buffer.from(statementTextHash(formatStatement(statement))), expected);
    }),
    { numRuns: 20 },
  );
});

test('the key name is of 22 characters of the hash of the text alone', () => {
  fc.assert(
    fc.property(identity, (statement) => {
      const digest = createHash('sha256').update(formatStatement(statement)).digest('base64url');
      assert.equal(identityKeyName(statement), `latchkey/${digest.slice(0, 22)}`);
    }),
    { numRuns: 20 },
  );
});
