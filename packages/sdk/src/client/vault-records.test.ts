import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordBody, Space } from '../sync/types.ts';
import {
  formatVaultRecord,
  parseVaultRecord,
  putDevice,
  putIfAbsent,
  u32Bytes,
  type VaultRecord,
} from './vault-records.ts';

const bytes = (lengthBytes: number, value: number): Uint8Array => new Uint8Array(lengthBytes).fill(value);
const text = (lengthBytes: number, value: number): string =>
  Buffer.from(bytes(lengthBytes, value)).toString('base64url');

/** Each record beside the body that docs/spec/05-account.md, "Vault records", asks for. */
const records: readonly (readonly [VaultRecord, RecordBody])[] = [
  [
    {
      kind: 'identity',
      v: 1,
      version: 4,
      ed25519: bytes(32, 1),
      mldsa44: bytes(32, 2),
      seal: 'AGE-SECRET-KEY-PQ-1X',
      note: 'a note\n',
    },
    {
      kind: 'identity',
      v: 1,
      version: 4,
      ed25519: text(32, 1),
      mldsa44: text(32, 2),
      seal: 'AGE-SECRET-KEY-PQ-1X',
      note: 'a note\n',
    },
  ],
  [
    {
      kind: 'space',
      v: 1,
      space: bytes(16, 3),
      holds: 'mailbox',
      epochs: [
        { epoch: 1, secret: bytes(32, 4) },
        { epoch: 2, secret: bytes(32, 5) },
      ],
    },
    {
      kind: 'space',
      v: 1,
      space: text(16, 3),
      holds: 'mailbox',
      epochs: [
        { epoch: 1, secret: text(32, 4) },
        { epoch: 2, secret: text(32, 5) },
      ],
    },
  ],
  [
    {
      kind: 'account-secret',
      v: 1,
      secret: bytes(16, 6),
      origin: 'https://example.org',
      serverKey: 'key',
      policy: bytes(32, 7),
    },
    {
      kind: 'account-secret',
      v: 1,
      secret: text(16, 6),
      origin: 'https://example.org',
      serverKey: 'key',
      policy: text(32, 7),
    },
  ],
  [
    { kind: 'kit', v: 1, generation: 1, dateSeconds: 1_795_392_000, rescueRecipient: 'age1pq1x' },
    { kind: 'kit', v: 1, generation: 1, dateSeconds: 1_795_392_000, rescueRecipient: 'age1pq1x' },
  ],
  [
    { kind: 'device', v: 1, name: 'Büro 🖥', madeHour: 498_720, joined: 'kit' },
    { kind: 'device', v: 1, name: 'Büro 🖥', madeHour: 498_720, joined: 'kit' },
  ],
];

for (const [record, body] of records) {
  test(`a record of kind ${record.kind} has one form, and comes back from it`, () => {
    assert.deepEqual(formatVaultRecord(record), body);
    assert.deepEqual(parseVaultRecord(record.kind, body), record);
  });

  test(`a record of kind ${record.kind} is taken whole or not at all`, () => {
    const refused = { code: 'vault_incomplete' };
    const parse = (other: object): unknown => parseVaultRecord(record.kind, other as RecordBody);
    for (const name of Object.keys(body)) {
      const { [name]: _gone, ...without } = body;
      assert.throws(() => parse(without), refused, `without ${name}`);
      assert.throws(() => parse({ ...body, [name]: [] }), refused, `${name} of another type`);
    }
    assert.throws(() => parse({ ...body, more: 1 }), refused);
    assert.throws(() => parse({ ...body, v: 0 }), refused);
    assert.throws(() => parse({ ...body, kind: 'other', v: 2 }), refused);
    assert.throws(() => parse({ ...body, v: 2 }), { code: 'record_newer' });
    assert.throws(() => parse({ kind: record.kind, v: 2, other: true }), { code: 'record_newer' });
  });
}

test('bytes are of their length and in their one spelling', () => {
  const [, [, space]] = records as readonly [unknown, (typeof records)[number]];
  for (const wrong of [text(15, 3), text(17, 3), `${text(16, 3).slice(0, -1)}x`, `${text(16, 3)}==`, '']) {
    assert.throws(() => parseVaultRecord('space', { ...space, space: wrong }), { code: 'vault_incomplete' }, wrong);
  }
});

test('records are put where none is, and never over one', async () => {
  const named: [string, Uint8Array][] = [];
  const vault = {
    nameRecord(label: string, name: Uint8Array) {
      named.push([label, name]);
      return Promise.resolve(bytes(16, 9));
    },
  } as Space;
  const [, , , [kit, body]] = records as readonly [unknown, unknown, unknown, (typeof records)[number]];
  assert.ok(kit.kind === 'kit');
  const edit = await putIfAbsent(vault, u32Bytes(0x0102_0304), kit);
  assert.deepEqual(named, [['kit', Uint8Array.of(1, 2, 3, 4)]]);
  assert.deepEqual(edit.id, bytes(16, 9));
  assert.deepEqual(edit.change(null), body);
  assert.equal(edit.change({ kind: 'kit', v: 1 }), 'keep');
  const device = putDevice(bytes(16, 8), { kind: 'device', v: 1, name: 'x', madeHour: 1, joined: 'password' });
  assert.deepEqual(device.id, bytes(16, 8));
  assert.deepEqual(device.change(null), { kind: 'device', v: 1, name: 'x', madeHour: 1, joined: 'password' });
  assert.equal(device.change({ kind: 'device', v: 1 }), 'keep');
});
