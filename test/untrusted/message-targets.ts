/** What a correspondent writes, and everybody on its way could have changed. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { paddedBodyBytes } from '../../packages/crypto/src/index.ts';
import { decodeUnsigned } from '../../packages/crypto/src/record/big-endian.ts';
import { decodePadded, encodePadded } from '../../packages/crypto/src/record/padded.ts';
import { parseDate, formatDate } from '../../packages/mime/src/message-date.ts';
import { parseMessage } from '../../packages/mime/src/index.ts';
import { decodeContactCard, encodeContactCard } from '../../packages/sdk/src/directory/card/contact-card.ts';
import { decodeDeliveryBody, encodeDeliveryBody } from '../../packages/sdk/src/message/delivery-body.ts';
import { decodeEnvelope, decodeFirstChunk, formatEnvelope } from '../../packages/sdk/src/message/envelope.ts';
import { decodeKeyList, encodeKeyList } from '../../packages/sdk/src/message/key-list.ts';
import { formatSummary, parseSummary } from '../../packages/sdk/src/message/summary.ts';
import { parseAnySigned, parseSigned } from '../../packages/sdk/src/signing/signed-statement.ts';
import { parserTarget, textOf, type ParserTarget } from './target.ts';

const load = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/message/${file}.json`, import.meta.url), 'utf8'));
const envelopes = (load('envelope') as { accept: { note: string; checkpoint: string | null; mime: string }[] }).accept;
const deliveries = (load('delivery-body') as { accept: { body: string }[] }).accept;
const summaries = (load('summary') as { make: { summary: string }[] }).make;
const keyLists = (load('key-list') as { accept: { text: string; zeros: number }[] }).accept;
const room = 'packages/sdk/src/message';

const bytes = (size: number): string => Buffer.alloc(size, 5).toString('base64url');
const card = `${JSON.stringify({
  latchkey: 'contact/v1',
  address: 'alice@example.org',
  origin: 'https://mail.example.org',
  policy: bytes(32),
  madeSeconds: 1_795_000_000,
  head: { indexCheckpoint: 'a', indexLeaf: 'b', indexInclusion: [bytes(32)] },
  vrfProof: bytes(80),
  positions: [3],
  mapProof: bytes(40),
  leaves: [{ leaf: bytes(66), inclusion: [], opening: bytes(16), note: 'a note' }],
})}\n`;

const plainMime =
  'From: Alice <alice@example.org>\r\nTo: bob@example.org\r\nSubject: =?utf-8?Q?No=C3=B6n?=\r\n' +
  'Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nShall we?\r\n';
const manyParts =
  'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary="c"\r\n\r\n' +
  '--c\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>=E9</p>\r\n' +
  "--c--\r\n--b\r\nContent-Disposition: attachment; filename*=utf-8''%e2%82%ac\r\n" +
  'Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nx\r\n--b--\r\n';

const sizeOf = (unpadded: number): number => Math.max(64, 2 ** Math.ceil(Math.log2(unpadded)));

export const messageTargets: readonly ParserTarget[] = [
  parserTarget('envelope', {
    drives: [
      `${room}/envelope.ts#decodeEnvelope`,
      `${room}/envelope.ts#decodeFirstChunk`,
      `${room}/envelope.ts#parseStatementNote`,
      'packages/sdk/src/signing/signed-statement.ts#parseSigned',
    ],
    seeds: envelopes.map(({ note, checkpoint, mime }) => formatEnvelope({ note, checkpoint, mime: Buffer.from(mime) })),
    parse(input) {
      decodeFirstChunk(input);
      return decodeEnvelope(input);
    },
    again: ({ note, checkpoint, mime }) => formatEnvelope({ note, checkpoint, mime }),
  }),
  parserTarget('signed statement', {
    drives: [
      'packages/sdk/src/signing/signed-statement.ts#parseSigned',
      'packages/sdk/src/signing/signed-statement.ts#parseAnySigned',
    ],
    seeds: envelopes.map(({ note }) => note),
    parse(input) {
      parseAnySigned(textOf(input));
      return parseSigned('latchkey/message/v1', textOf(input));
    },
  }),
  parserTarget('delivery body', {
    drives: [`${room}/delivery-body.ts#decodeDeliveryBody`],
    seeds: deliveries.map(({ body }) => Buffer.from(body, 'hex')),
    parse: decodeDeliveryBody,
    again: encodeDeliveryBody,
  }),
  parserTarget('summary', {
    drives: [`${room}/summary.ts#parseSummary`],
    seeds: summaries.map(({ summary }) => summary),
    parse: (input) => parseSummary(textOf(input)),
    again: formatSummary,
  }),
  parserTarget('key list', {
    drives: [`${room}/key-list.ts#decodeKeyList`],
    seeds: keyLists.map(({ text }) => {
      const padded = new Uint8Array(paddedBodyBytes(Buffer.byteLength(text)));
      padded.set(Buffer.from(text));
      return padded;
    }),
    parse: decodeKeyList,
    again: encodeKeyList,
  }),
  parserTarget('contact card', {
    drives: ['packages/sdk/src/directory/card/contact-card.ts#decodeContactCard'],
    seeds: [card],
    parse: decodeContactCard,
    again: encodeContactCard,
  }),
  parserTarget('mail', {
    drives: ['packages/mime/src/parse-message.ts#parseMessage', 'packages/mime/src/parse-message.ts#parsedFrom'],
    seeds: [plainMime, manyParts],
    parse: parseMessage,
  }),
  parserTarget('date', {
    drives: ['packages/mime/src/message-date.ts#parseDate'],
    seeds: ['Mon, 23 Nov 2026 10:00:00 +0000', '1 Jan 1999 00:00 -0930 (there)', '31 Dec 9999 23:59:60 GMT'],
    parse(input) {
      const seconds = parseDate(textOf(input));
      if (seconds !== null) assert.equal(parseDate(formatDate(seconds)), seconds);
      return seconds;
    },
  }),
  parserTarget('padding', {
    drives: [
      'packages/crypto/src/record/padded.ts#decodePadded',
      'packages/crypto/src/record/big-endian.ts#decodeUnsigned',
    ],
    seeds: [encodePadded(Buffer.from('a body'), 64), encodePadded(new Uint8Array(0), 64)],
    parse(input) {
      assert.ok(decodeUnsigned(input) >= 0n);
      return decodePadded(input, sizeOf);
    },
    again: (body) => encodePadded(body, sizeOf(body.length + 8)),
  }),
];
