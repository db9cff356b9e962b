import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseAddress, type CanonicalAddress } from '../address/canonical-address.ts';
import { MAX_ATTACHMENTS, MAX_FILE_PARTS, MAX_MEMBERS, MAX_RECIPIENTS } from '../limits.ts';
import { formatStatement } from './format-statement.ts';
import type { FileStatement } from './kind/file-statement.ts';
import type { MembershipStatement } from './kind/membership-statement.ts';
import type { MessageStatement } from './kind/message-statement.ts';
import { parseStatement } from './parse-statement.ts';
import type { Party } from './party.ts';
import type { Statement } from './statement.ts';

const hash = new Uint8Array(32).fill(5);
const party = (address: string): Party => ({ address: parseAddress(address), version: 1, identity: hash });
const message = sample('message', 'latchkey/message/v1') as MessageStatement;
const membership = sample('membership', 'latchkey/membership/v1') as MembershipStatement;
const file = sample('file', 'latchkey/file/v1') as FileStatement;
const hashes = (count: number): Uint8Array[] => Array.from({ length: count }, () => hash);
const many = (count: number): Party[] => Array.from({ length: count }, (_, index) => party(`a${index}@example.org`));

test('recipients and members are written in the order of their addresses, whatever order they come in', () => {
  // Byte order: a hyphen stands before a dot, a dot before digits, digits before the @ and letters.
  const people = [
    'b@example.org',
    'a-a@example.org',
    'a.a@example.org',
    'a0@example.org',
    'a@example.org',
    'aa@example.org',
  ];
  const text = formatStatement({ ...message, to: people.map(party), cc: [] });
  const written = [...text.matchAll(/^to (\S+)/gm)].map(([, address]) => address);
  assert.deepEqual(written, [people[1], people[2], people[3], people[4], people[5], people[0]]);
  const members = [party('b@example.org'), party('a@example.org')].map((one) => ({
    ...one,
    role: 'administrator' as const,
  }));
  const note = formatStatement({ ...membership, seq: 1, previous: hash, members });
  assert.deepEqual(
    [...note.matchAll(/^member (\S)/gm)].map(([, letter]) => letter),
    ['a', 'b'],
  );
});

test('the value that is given is not changed', () => {
  const to = [party('b@example.org'), party('a@example.org')];
  formatStatement({ ...message, to, cc: [] });
  assert.equal(to[0]?.address, 'b@example.org');
});

test('attachments are numbered from 1', () => {
  const text = formatStatement({ ...message, attachments: Array.from({ length: 11 }, () => hash) });
  assert.deepEqual(
    [...text.matchAll(/^attachment (\d+) /gm)].map(([, number]) => Number(number)),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  );
});

test('no value makes a line of its own', () => {
  // With what follows it in the line, this would read as two good lines.
  const encoded = Buffer.from(hash).toString('base64');
  const forged = `a@example.org 1 ${encoded}\nto b@example.org` as CanonicalAddress;
  const from = { ...message.from, address: forged };
  assert.equal(parseStatement(formatStatement({ ...message, to: [party('b@example.org')] })).kind, message.kind);
  assert.throws(() => formatStatement({ ...message, to: [], cc: [], from }), { code: 'statement_malformed' });
  for (const type of ['text/plain\npart', 'text/plain x', '', 'text/pläin']) {
    assert.throws(() => formatStatement({ ...file, type }), { code: 'statement_malformed' });
  }
  assert.equal(parseStatement(formatStatement({ ...file, name: 'a b%0A' })).kind, file.kind);
});

test('what no text can carry is refused with the code that parse has for it', () => {
  const refused: readonly [Statement, string][] = [
    [{ ...message, kind: 'latchkey/message/v2' as 'latchkey/message/v1' }, 'statement_kind_unknown'],
    [{ ...message, from: { ...message.from, address: 'A@example.org' as CanonicalAddress } }, 'address_not_canonical'],
    [{ ...message, from: { ...message.from, version: -1 } }, 'statement_malformed'],
    [{ ...message, from: { ...message.from, version: 1.5 } }, 'statement_malformed'],
    [{ ...message, from: { ...message.from, version: Number.NaN } }, 'statement_malformed'],
    [{ ...message, id: new Uint8Array(15) }, 'statement_malformed'],
    [{ ...message, dateSeconds: -1 }, 'statement_malformed'],
    [{ ...message, dateSeconds: 0.5 }, 'statement_malformed'],
    [{ ...message, dateSeconds: Number.NaN }, 'statement_malformed'],
    [{ ...message, dateSeconds: 253_402_300_800 }, 'statement_malformed'],
    [{ ...message, to: [party('a@example.org'), party('a@example.org')] }, 'statement_malformed'],
    [{ ...message, to: [party('a@example.org')], cc: [party('a@example.org')] }, 'statement_inconsistent'],
    [{ ...file, name: '' }, 'statement_malformed'],
    [{ ...file, name: 'e\u0301' }, 'statement_malformed'],
    [{ ...file, name: '\ud800' }, 'statement_malformed'],
    [{ ...file, name: 'a\u202eb' }, 'statement_malformed'],
    [{ ...file, name: 'a\nb' }, 'statement_malformed'],
    [{ ...file, sizeBytes: 2 ** 60 }, 'statement_malformed'],
    [{ ...file, parts: [] }, 'statement_inconsistent'],
  ];
  for (const [statement, code] of refused) {
    assert.throws(() => formatStatement(statement), { name: 'ProtocolError', code });
  }
});

test('lines that repeat have a maximum', () => {
  const members = (count: number): MembershipStatement => ({
    ...membership,
    seq: 1,
    previous: hash,
    members: many(count).map((one) => ({ ...one, role: 'administrator' })),
  });
  assert.deepEqual([MAX_RECIPIENTS, MAX_ATTACHMENTS, MAX_MEMBERS, MAX_FILE_PARTS], [1000, 1000, 1000, 16_384]);
  const allowed: readonly Statement[] = [
    { ...message, to: many(1000), cc: [] },
    { ...message, to: [], cc: many(1000) },
    { ...message, to: many(1000).slice(0, 500), cc: many(1000).slice(500) },
    { ...message, attachments: hashes(1000) },
    members(1000),
    { ...file, parts: hashes(16_384), sizeBytes: 137_438_953_472 },
  ];
  for (const statement of allowed) assert.equal(parseStatement(formatStatement(statement)).kind, statement.kind);
  const refused: readonly [Statement, string][] = [
    [{ ...message, to: many(1001), cc: [] }, 'statement_malformed'],
    [{ ...message, to: [], cc: many(1001) }, 'statement_malformed'],
    [{ ...message, to: many(1001).slice(0, 500), cc: many(1001).slice(500) }, 'statement_inconsistent'],
    [{ ...message, attachments: hashes(1001) }, 'statement_malformed'],
    [members(1001), 'statement_malformed'],
    [{ ...file, parts: hashes(16_385) }, 'statement_malformed'],
    [{ ...file, parts: hashes(16_384), sizeBytes: 137_438_953_473 }, 'statement_malformed'],
  ];
  for (const [statement, code] of refused) assert.throws(() => formatStatement(statement), { code });
});

/** The first accepted vector of a kind, as a value. */
function sample(name: string, kind: Statement['kind']): Statement {
  const vectors = JSON.parse(
    readFileSync(new URL(`../../../../vectors/statements/${name}.json`, import.meta.url), 'utf8'),
  ) as {
    readonly accept: readonly { readonly text: string }[];
  };
  const statement = parseStatement(vectors.accept[0]?.text ?? '');
  assert.equal(statement.kind, kind);
  return statement;
}
