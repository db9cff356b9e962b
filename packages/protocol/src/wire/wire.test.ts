import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { bytes, bytesUpTo, decodeBytes, encodeBytes } from './bytes.ts';
import {
  arrivalHash,
  COMMON_ERRORS,
  encodeJson,
  formatInvitation,
  isReservedName,
  parseFields,
  parseInvitation,
  parseJson,
  parseRefusal,
  ROUTE_NAMES,
  routeNamed,
  WIRE_ERRORS,
} from './index.ts';

test('every row has its own method and path, lists known refusals, and says what a changed server learns', () => {
  const places = new Set<string>();
  for (const name of ROUTE_NAMES) {
    const route = routeNamed(name);
    places.add(`${route.method} ${route.path}`);
    assert.match(route.path, /^\/((v1|kt)(\/[a-z]+(\.json)?|\/:[a-z]+)+|\.well-known\/latchkey)$/, name);
    for (const code of [...route.errors, ...COMMON_ERRORS]) assert.ok(Object.hasOwn(WIRE_ERRORS, code), code);
    assert.ok(route.summary.endsWith('.') && route.changedServerLearns.length > 10, name);
    assert.equal(route.takes === 'json', route.method === 'POST', name);
  }
  assert.equal(places.size, ROUTE_NAMES.length);
});

test('no address and no token stands in a path', () => {
  // `index` is what an address has become under the VRF key; the other three are of the public logs.
  const named = new Set(['hold', 'upload', 'part', 'arrival', 'item', 'index', 'log', 'tile', 'day']);
  for (const name of ROUTE_NAMES) {
    const parts = [...routeNamed(name).path.matchAll(/:([a-z]+)/g)].map(([, part]) => part);
    for (const part of parts) assert.ok(named.has(part ?? ''), name);
  }
});

test('bytes have one text, and only that one is taken', () => {
  fc.assert(fc.property(fc.uint8Array(), (value) => assert.deepEqual(decodeBytes(encodeBytes(value)), value)));
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), (text) => {
      const value = decodeBytes(text);
      if (value !== null) assert.equal(encodeBytes(value), text);
    }),
  );
  for (const text of ['AA==', 'AB', 'A', 'AA\n', 'A+A', 'ä']) assert.equal(decodeBytes(text), null, text);
  assert.ok(v.is(bytes(2), 'AAA') && !v.is(bytes(2), 'AAAA') && !v.is(bytes(2), 'AA'));
  assert.ok(v.is(bytesUpTo(3), '') && v.is(bytesUpTo(3), 'AAAA') && !v.is(bytesUpTo(3), 'AAAAAA'));
});

test('values go through JSON unchanged, whatever kind of byte array they have', () => {
  const schema = v.strictObject({ a: bytesUpTo(9), list: v.array(v.nullable(bytesUpTo(9))) });
  const value = { a: Buffer.from('abc'), list: [new Uint8Array([1]), null, new Uint8Array()] };
  assert.deepEqual(parseJson(schema, encodeJson(value)), { ...value, a: new Uint8Array(value.a) });
});

test('what is no object, has a field too many or too few, is null', () => {
  const schema = v.strictObject({ a: v.number() });
  for (const text of ['', '{', '[]', 'null', '1', '{}', '{"a":1,"b":2}', '{"a":"1"}']) {
    assert.equal(parseJson(schema, text), null, text);
  }
  assert.equal(parseFields(v.strictObject({}), []), null);
  assert.deepEqual(parseJson(schema, '{"a":1}'), { a: 1 });
});

test('a refusal has a listed code; anything else is none', () => {
  assert.deepEqual(parseRefusal('{"code":"quota_full"}'), { code: 'quota_full', retryAfterSeconds: null });
  assert.deepEqual(parseRefusal('{"code":"rate_limited","retryAfterSeconds":3}'), {
    code: 'rate_limited',
    retryAfterSeconds: 3,
  });
  for (const text of ['{"code":"toString"}', '{"code":"x"}', '{}', '<html>', '{"code":"busy","y":1}']) {
    assert.equal(parseRefusal(text), null, text);
  }
});

test('an invitation is one line, and only its own form is taken', () => {
  const invitation = { origin: 'https://mail.example.org', opaque: 'AAAA', policy: 'none', token: 'abc' } as const;
  const line = formatInvitation(invitation);
  assert.match(line, /^[A-Za-z0-9_-]+$/);
  assert.deepEqual(parseInvitation(`${line}\n`), invitation);
  for (const text of ['', 'AAAA', line.slice(0, -4), `${line}AAAA`, 'A'.repeat(4_000)]) {
    assert.equal(parseInvitation(text), null);
  }
});

test('the hash of an arrival depends on every part of it, and no part can be taken for another', () => {
  const item = { sizeBytes: 7, header: new Uint8Array([1, 2]) };
  const arrival = { number: 1, hour: 2, key: new Uint8Array(16), items: [item], part: new Uint8Array([3]) };
  const others = [
    { ...arrival, number: 2 },
    { ...arrival, hour: 3 },
    { ...arrival, key: new Uint8Array(16).fill(1) },
    { ...arrival, items: [] },
    { ...arrival, items: [item, item] },
    { ...arrival, items: [{ ...item, sizeBytes: 8 }] },
    { ...arrival, items: [{ ...item, header: null }] },
    { ...arrival, items: [{ ...item, header: new Uint8Array([1]) }], part: new Uint8Array([2, 3]) },
    { ...arrival, part: new Uint8Array([4]) },
  ];
  const hashes = new Set([arrival, ...others].map((each) => Buffer.from(arrivalHash(each)).toString('hex')));
  assert.equal(hashes.size, others.length + 1);
  for (const each of [arrival, ...others]) {
    assert.deepEqual(new Uint8Array(arrivalHash(each, () => createHash('sha256'))), arrivalHash(each));
  }
  assert.equal(
    Buffer.from(arrivalHash(arrival)).toString('hex'),
    'a787a15fb627efe60f95ea6d213b9d010c6ccd5d49319c2f3cdc66f62adbbb2c',
  );
});

test('names that could pass for the operator or a service are reserved, with any dots and dashes', () => {
  for (const name of ['postmaster', 'no-reply', 'no.reply', 'noreply', 'mailer_daemon', 'root', 'ad.min']) {
    assert.ok(isReservedName(name), name);
  }
  for (const name of ['alice', 'rooted', 'adminton', 'a']) assert.ok(!isReservedName(name), name);
});
