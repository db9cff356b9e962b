import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeRecordBody, parseRecordBody } from './record-body.ts';
import type { RecordBody } from './types.ts';
import { encodeUtf8 } from './utf8-text.ts';

const bodies: fc.Arbitrary<RecordBody> = fc
  .tuple(
    fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/),
    fc.integer({ min: 1 }),
    fc.dictionary(fc.string(), fc.jsonValue()),
  )
  .map(([kind, v, fields]) => JSON.parse(JSON.stringify({ ...fields, kind, v })) as RecordBody);

test('a body comes back as it was', () => {
  fc.assert(
    fc.property(bodies, (body) => {
      const parsed = parseRecordBody(encodeRecordBody(body));
      assert.notEqual(parsed, 'unreadable');
      assert.deepEqual(parsed, body);
    }),
  );
});

test('no bytes are a deleted record', () => {
  assert.equal(encodeRecordBody(null).length, 0);
  assert.equal(parseRecordBody(new Uint8Array(0)), null);
});

const parse = (text: string): unknown => parseRecordBody(encodeUtf8(text));

test('what this version would not write is not read', () => {
  for (const text of [
    'null',
    '1',
    '"a"',
    'true',
    '[]',
    '[{"kind":"a","v":1}]',
    '{}',
    '{"kind":"a"}',
    '{"v":1}',
    '{"kind":1,"v":1}',
    '{"kind":null,"v":1}',
    '{"kind":"","v":1}',
    '{"kind":"A","v":1}',
    '{"kind":"1","v":1}',
    '{"kind":"-a","v":1}',
    '{"kind":"a b","v":1}',
    '{"kind":"a\\n","v":1}',
    `{"kind":"${'a'.repeat(33)}","v":1}`,
    '{"kind":"a","v":"1"}',
    '{"kind":"a","v":0}',
    '{"kind":"a","v":-1}',
    '{"kind":"a","v":1.5}',
    '{"kind":"a","v":9007199254740992}',
    '{"kind":"a","v":null}',
    '{"kind":"a","v":1',
    '{"kind":"a","v":1} ',
    '{"kind": "a","v":1}',
    '{"kind":"a","v":1,"v":1}',
    '{"kind":"a","v":1,"n":1.0}',
    '{"kind":"a","v":1,"n":1e400}',
    '{"kind":"a","v":1,"n":12345678901234567890}',
    '{"kind":"a","v":1,"t":"\\u0061"}',
    '\ufeff{"kind":"a","v":1}',
  ]) {
    assert.equal(parse(text), 'unreadable', text);
  }
  assert.equal(parseRecordBody(Uint8Array.of(0xff)), 'unreadable');
});

test('the bounds themselves are read', () => {
  const kind = `a${'-9'.repeat(15)}z`;
  assert.equal(kind.length, 32);
  assert.deepEqual(parse(`{"kind":"${kind}","v":9007199254740991}`), { kind, v: Number.MAX_SAFE_INTEGER });
  assert.deepEqual(parse('{"kind":"a","v":1}'), { kind: 'a', v: 1 });
});
