import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits, ROUTE_NAMES, routeNamed, ROUTES } from '@latchkey/protocol/wire';
import * as v from 'valibot';
import { mostBytesOf } from './most-bytes-of.ts';

test('every answer has a bound, and small ones have a small bound', () => {
  for (const name of ROUTE_NAMES) {
    const most = mostBytesOf(routeNamed(name).response);
    assert.ok(most > 0 && most <= limits.MAX_LARGE_BODY_BYTES, name);
  }
  assert.ok(mostBytesOf(ROUTES.accountNonce.response) < 2_000);
  assert.ok(mostBytesOf(ROUTES.health.response) < 2_000);
  assert.ok(mostBytesOf(ROUTES.eventsStream.response) < 2_000);
  assert.ok(mostBytesOf(ROUTES.accountAbout.response) < 8_000);
  assert.equal(mostBytesOf(ROUTES.spacesChanges.response), limits.MAX_LARGE_BODY_BYTES);
});

test('the largest value of each kind of schema fits', () => {
  const zero = String.fromCharCode(0);
  const cases: readonly [v.GenericSchema, unknown][] = [
    [v.pipe(v.string(), v.maxLength(100)), zero.repeat(100)],
    [v.pipe(v.pipe(v.string(), v.maxLength(9)), v.minLength(1)), zero.repeat(9)],
    [v.pipe(v.number(), v.safeInteger()), Number.MIN_SAFE_INTEGER],
    [v.number(), -Number.EPSILON / 3e280],
    [v.boolean(), false],
    [v.nullable(v.pipe(v.string(), v.maxLength(1))), null],
    [v.pipe(v.array(v.number()), v.maxLength(50)), Array.from({ length: 50 }, () => Number.MIN_SAFE_INTEGER)],
    [v.strictObject({ a: v.boolean(), longer: v.literal('text') }), { a: false, longer: 'text' }],
    [v.variant('k', [v.strictObject({ k: v.literal('a') }), v.strictObject({ k: v.literal('bbb') })]), { k: 'bbb' }],
    [v.picklist(['a', 'long one']), 'long one'],
  ];
  for (const [schema, value] of cases) {
    assert.ok(v.is(schema, value));
    const spaced = JSON.stringify(value, null, 1);
    assert.ok(Buffer.byteLength(spaced) <= mostBytesOf(schema), spaced);
  }
});

test('what has no bound of its own has the largest', () => {
  for (const schema of [v.string(), v.array(v.string()), v.unknown(), v.record(v.string(), v.string())]) {
    assert.equal(mostBytesOf(schema), limits.MAX_LARGE_BODY_BYTES);
  }
});
