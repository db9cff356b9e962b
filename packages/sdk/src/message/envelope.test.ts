import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { canonicalAddress, formatStatement, statementHash, type MessageStatement } from '@latchkey/protocol';
import { parseSigned } from '../signing/signed-statement.ts';
import { decodeEnvelope, decodeFirstChunk, formatEnvelope } from './envelope.ts';

const CHUNK_BYTES = 65_536;
const altered = { name: 'SdkError', code: 'item_altered' };
const mime = Uint8Array.from(Buffer.from('x'));

const { note } =
  (
    JSON.parse(readFileSync(new URL('../../../../vectors/message/envelope.json', import.meta.url), 'utf8')) as {
      accept: { note: string }[];
    }
  ).accept[0] ?? assert.fail();
const { statement } = parseSigned('latchkey/message/v1', note);
const signatures = note.slice(note.indexOf('\n\n') + 2);
const noteOf = (changes: Partial<MessageStatement>): string =>
  `${formatStatement({ ...statement, ...changes })}\n${signatures}`;
const headBytes = (text: string): number =>
  decodeEnvelope(formatEnvelope({ note: text, checkpoint: null, mime })).head.mimeOffset;
const hashes = (count: number): Uint8Array[] => Array.from({ length: count }, () => new Uint8Array(32));

/** A note whose head has exactly so many bytes: the names of keys may be as long as one likes. */
function noteOfHead(lengthBytes: number): string {
  const missing = lengthBytes - headBytes(note);
  return note.replace('\n\u2014 latchkey/', `\n\u2014 ${'n'.repeat(missing)}latchkey/`);
}

test('the head fits the first chunk to the byte', () => {
  const fitting = noteOfHead(CHUNK_BYTES);
  const bytes = formatEnvelope({ note: fitting, checkpoint: null, mime });
  assert.equal(decodeFirstChunk(bytes.subarray(0, CHUNK_BYTES)).mimeOffset, CHUNK_BYTES);
  assert.deepEqual(decodeEnvelope(bytes).mime, mime);
  const refused = { name: 'SdkError', code: 'recipients_too_many' };
  assert.throws(() => formatEnvelope({ note: noteOfHead(CHUNK_BYTES + 1), checkpoint: null, mime }), refused);
});

test('a head beyond the first chunk is not read, whoever wrote it', () => {
  const name = 'n'.repeat(100);
  const bytes = Buffer.from(formatEnvelope({ note: noteOfHead(CHUNK_BYTES), checkpoint: null, mime }));
  const longer = Buffer.from(bytes.toString().replace(name, `${name}n`));
  assert.throws(() => decodeFirstChunk(longer), altered);
});

test('what takes the room is named: recipients or attachments', () => {
  const to = Array.from({ length: 40 }, (_, index) => ({
    ...statement.from,
    address: canonicalAddress(`recipient-${index}@example.org`),
  }));
  const full = noteOf({ to, attachments: hashes(1000) });
  assert.throws(() => formatEnvelope({ note: full, checkpoint: null, mime }), { code: 'message_too_large' });
  const many = noteOf({ attachments: hashes(1000) });
  assert.ok(headBytes(many) <= CHUNK_BYTES);
});

test('MIME has its limit, and may not hold the boundary of its own envelope', () => {
  const largest = new Uint8Array(32 * 1024 * 1024);
  assert.equal(decodeEnvelope(formatEnvelope({ note, checkpoint: null, mime: largest })).mime.length, largest.length);
  const larger = new Uint8Array(largest.length + 1);
  assert.throws(() => formatEnvelope({ note, checkpoint: null, mime: larger }), {
    name: 'SdkError',
    code: 'message_too_large',
  });
  const boundary = `latchkey-${Buffer.from(statementHash(statement)).toString('hex').slice(0, 32)}`;
  const holds = (text: string): Uint8Array => formatEnvelope({ note, checkpoint: null, mime: Buffer.from(text) });
  for (const text of [`--${boundary}`, `x\r\n--${boundary}--\r\n`]) assert.throws(() => holds(text), altered);
  for (const text of [boundary, `-${boundary}`, `--${boundary.slice(0, -1)}`]) assert.ok(holds(text).length > 0);
});

test('a note over anything but a message is none', () => {
  const broken = note.replace('latchkey/message/v1', 'latchkey/message/v2');
  assert.throws(() => formatEnvelope({ note: broken, checkpoint: null, mime }), { code: 'statement_unverified' });
});

test('a plaintext without head, with half of it, or of another file is none', () => {
  const bytes = formatEnvelope({ note, checkpoint: null, mime });
  for (const at of [0, 3, 100, 250, 400, 2000]) assert.throws(() => decodeFirstChunk(bytes.subarray(0, at)), altered);
  for (const text of [
    '\r\n\r\n',
    '\r\n\r\n\r\n\r\n',
    '\r\n\r\nx\r\n\r\n\r\n',
    'a\r\n\r\nb\r\n\r\nc',
    'x'.repeat(70_000),
  ]) {
    assert.throws(() => decodeFirstChunk(Uint8Array.from(Buffer.from(text))), altered);
    assert.throws(() => decodeEnvelope(Uint8Array.from(Buffer.from(text))), altered);
  }
  const notUtf8 = bytes.slice();
  notUtf8[Buffer.from(bytes).indexOf('\u2014')] = 0xff;
  assert.throws(() => decodeFirstChunk(notUtf8), altered);
});
