import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCount, parseDecimal } from './decimal.ts';

test('a number has one spelling, and none past 2^53 − 1', () => {
  assert.equal(parseDecimal('0'), 0);
  assert.equal(parseDecimal('10'), 10);
  assert.equal(parseDecimal('9007199254740991'), Number.MAX_SAFE_INTEGER);
  for (const text of ['', '00', '01', '+1', '-1', '1.0', '1e3', ' 1', '1\n', '0x1', '９', '9007199254740992']) {
    assert.equal(parseDecimal(text), null, text);
  }
});

test('a count is a whole number that is kept exactly', () => {
  assert.ok(isCount(0));
  assert.ok(isCount(Number.MAX_SAFE_INTEGER));
  for (const value of [-1, 0.5, NaN, Infinity, Number.MAX_SAFE_INTEGER + 1]) assert.ok(!isCount(value), String(value));
});
