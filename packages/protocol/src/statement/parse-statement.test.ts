import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_STATEMENT_CHARS } from '../limits.ts';
import { parseStatement } from './parse-statement.ts';

test('a statement has a maximum size', () => {
  assert.equal(MAX_STATEMENT_CHARS, 1_048_576);
  const longest = `latchkey/act/v1\n${'a'.repeat(MAX_STATEMENT_CHARS - 16)}`;
  assert.throws(() => parseStatement(longest), { code: 'statement_malformed' });
  assert.throws(() => parseStatement(`${longest}a`), { code: 'statement_too_large' });
});

test('the text is no property of an object', () => {
  for (const kind of ['__proto__', 'constructor', 'toString', '']) {
    assert.throws(() => parseStatement(`${kind}\n`), { code: 'statement_kind_unknown' });
  }
});
