/** What reaches the server and the witness besides the wire's schemas. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseBackedUpSecrets, parseBackupFacts } from '../../apps/server/src/backup/backup-facts.ts';
import { parseRange } from '../../apps/server/src/blobs/parse-range.ts';
import { parseReport } from '../../apps/server/src/reports/parse-report.ts';
import { parseAct, parseIdentity } from '../../apps/server/src/login/identity.ts';
import { parseLogList } from '../../apps/witness/src/logs/parse-log-list.ts';
import { decodeHead, encodeHead } from '../../apps/witness/src/state/head.ts';
import { parseNote } from '../../packages/tlog/src/index.ts';
import { parseHashLine, formatHashLine } from '../../packages/tlog/src/merkle/hash-line.ts';
import { parseProofLines } from '../../packages/tlog/src/proof/proof-lines.ts';
import { parseSignatureLine, formatSignatureLine } from '../../packages/tlog/src/note/signature-line.ts';
import { parseCheckpoint, parseSizeAnswer, formatSizeAnswer } from '../../packages/tlog/src/index.ts';
import { decodeBodyWithItems, encodeBodyWithItems } from '../../packages/protocol/src/wire/index.ts';
import { formatEnvelope } from '../../packages/sdk/src/message/envelope.ts';
import { person } from '../../packages/sdk/test/message-people.ts';
import { parserTarget, textOf, type ParserTarget } from './target.ts';

const { newest } = await person('alice@example.org');
const hashLine = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const signature =
  '— example.com/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=';
const logKey = 'example.com/log+530dcafe+AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB';
const note = Buffer.from(`example.com/log\n20852163\n${hashLine}\n\n${signature}\n`);
const facts = {
  latchkey: 'backup/v1',
  version: '0.1.0',
  schema: 9,
  hour: 498_730,
  origin: 'https://mail.example.org',
  accounts: 2,
  blobs: 3,
  blobFiles: 1,
  keysSize: 2,
  indexSize: 1,
};

const [sample] = (
  JSON.parse(readFileSync(new URL('../../vectors/message/envelope.json', import.meta.url), 'utf8')) as {
    accept: { note: string; mime: string }[];
  }
).accept;
const report = Buffer.concat([
  Buffer.from('Latchkey-Report: v1\r\nLatchkey-Reason: spam\r\nLatchkey-Words: it%20is\r\n'),
  formatEnvelope({ note: sample?.note ?? '', checkpoint: null, mime: Buffer.from(sample?.mime ?? '') }),
]);

export const serverTargets: readonly ParserTarget[] = [
  parserTarget('identity and act at the server', {
    drives: ['apps/server/src/login/identity.ts#parseIdentity', 'apps/server/src/login/identity.ts#parseAct'],
    seeds: [newest.identity.note],
    parse: (input) => parseIdentity(textOf(input)) ?? parseAct(textOf(input)),
  }),
  parserTarget('a report', {
    drives: ['apps/server/src/reports/parse-report.ts#parseReport'],
    seeds: [report],
    parse(input) {
      const parsed = parseReport(Buffer.from(input));
      // Whatever is read, its words are safe on a terminal.
      if (parsed !== null) assert.doesNotMatch(parsed.words ?? '', /[\p{Cc}\p{Cf}]/u);
      return parsed;
    },
  }),
  parserTarget('range header', {
    drives: ['apps/server/src/blobs/parse-range.ts#parseRange'],
    seeds: ['bytes=0-99', 'bytes=-5', 'bytes=7-', 'bytes=0-0,5-6'],
    parse(input) {
      const range = parseRange(textOf(input), 100);
      if (range === null || range === 'outside') return null;
      assert.ok(range.first >= 0 && range.first <= range.last && range.last < 100);
      return range;
    },
  }),
  parserTarget('a delivery with items', {
    drives: ['packages/protocol/src/wire/body-with-items.ts#decodeBodyWithItems'],
    seeds: [encodeBodyWithItems(Buffer.from('{"blobs":[{"sizeBytes":3}]}'), [Buffer.from('abc')])],
    parse: decodeBodyWithItems,
    again: ({ json, items }) => encodeBodyWithItems(json, [items]),
  }),
  parserTarget('facts of a backup', {
    drives: [
      'apps/server/src/backup/backup-facts.ts#parseBackupFacts',
      'apps/server/src/backup/backup-facts.ts#parsed',
    ],
    seeds: [JSON.stringify(facts)],
    parse: (input) => parseBackupFacts(textOf(input)),
  }),
  parserTarget('secrets of a backup', {
    drives: ['apps/server/src/backup/backup-facts.ts#parseBackedUpSecrets'],
    seeds: [JSON.stringify({ latchkey: 'server-secrets/v1', files: { 'opaque-setup': 'AAAA', 'log-key': 'BBBB' } })],
    parse: (input) => parseBackedUpSecrets(textOf(input)),
  }),
  parserTarget("a witness's list of logs", {
    drives: [
      'apps/witness/src/logs/parse-log-list.ts#parseLogList',
      'apps/witness/src/logs/parse-log-list.ts#parseKey',
    ],
    seeds: [`# logs\nlog ${logKey} https://example.com/log/\n`, ''],
    parse: (input) => parseLogList(textOf(input)),
  }),
  parserTarget("a witness's head", {
    drives: ['apps/witness/src/state/head.ts#decodeHead'],
    seeds: [encodeHead({ checkpoint: parseCheckpoint(parseNote(note).text), note, timeSeconds: 1_795_000_000 })],
    parse: decodeHead,
    again: encodeHead,
  }),
  parserTarget('lines of notes and proofs', {
    drives: [
      'packages/tlog/src/merkle/hash-line.ts#parseHashLine',
      'packages/tlog/src/proof/proof-lines.ts#parseProofLines',
      'packages/tlog/src/note/signature-line.ts#parseSignatureLine',
      'packages/tlog/src/witness/witness-answer.ts#parseSizeAnswer',
      'packages/tlog/src/decimal.ts#parseDecimal',
    ],
    seeds: [hashLine, signature, '20852163\n', '0\n'],
    parse(input) {
      const text = textOf(input);
      const size = parseSizeAnswer(text);
      if (size !== null) assert.equal(formatSizeAnswer(size), text);
      const hash = parseHashLine(text);
      if (hash !== null) assert.equal(formatHashLine(hash), text);
      const proof = parseProofLines(text.split('\n'));
      if (size !== null || hash !== null || proof !== null) return true;
      const line = parseSignatureLine(text);
      assert.equal(formatSignatureLine(line), `${text}\n`);
      return line;
    },
  }),
];
