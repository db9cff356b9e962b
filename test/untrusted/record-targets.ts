/** What stands in sealed records, in profile files and on the wire: written by other devices, and by other versions. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { nodeEngine } from '../../packages/crypto/src/engine-node/index.ts';
import { canonicalAddress } from '../../packages/protocol/src/index.ts';
import {
  decodeShortHeader,
  encodeBytes,
  encodeShortHeader,
  parseJson,
  parseRefusal,
  ROUTES,
} from '../../packages/protocol/src/wire/index.ts';
import { decodeStored } from '../../packages/sdk/src/account/stored-json.ts';
import { formatVaultRecord, parseVaultRecord } from '../../packages/sdk/src/client/vault-records.ts';
import { parsePin } from '../../packages/sdk/src/directory/pin-record.ts';
import { parseStanding } from '../../packages/sdk/src/directory/key-log/standing-record.ts';
import { decodeLetter } from '../../packages/sdk/src/mail/outbox/letter.ts';
import { outboxRecordBody, parseOutboxRecord } from '../../packages/sdk/src/mail/outbox/outbox-record.ts';
import {
  correspondentRecordBody,
  parseCorrespondentRecord,
} from '../../packages/sdk/src/mail/records/correspondent-record.ts';
import { deletedRecordBody, parseDeletedRecord } from '../../packages/sdk/src/mail/records/deleted-record.ts';
import { parseMessageRecord } from '../../packages/sdk/src/mail/records/message-record.ts';
import { parseStateRecord, stateRecordBody } from '../../packages/sdk/src/mail/records/state-record.ts';
import { parseUnreadableRecord, unreadableRecordBody } from '../../packages/sdk/src/mail/records/unreadable-record.ts';
import { decodeHead, encodeHead } from '../../packages/sdk/src/sync/head.ts';
import { parseNotedHeads } from '../../packages/sdk/src/sync/note-heads.ts';
import { encodeRecordBody, parseRecordBody } from '../../packages/sdk/src/sync/record-body.ts';
import { parseSeen } from '../../packages/sdk/src/sync/seen-file.ts';
import { SpaceKeys } from '../../packages/sdk/src/sync/space-keys.ts';
import type { RecordBody } from '../../packages/sdk/src/sync/types.ts';
import { decodeUtf8, encodeUtf8 } from '../../packages/sdk/src/sync/utf8-text.ts';
import { parserTarget, textOf, type ParserTarget } from './target.ts';

const mail = 'packages/sdk/src/mail';
const wire = 'packages/protocol/src/wire';
const id = new Uint8Array(16).fill(7);
const hash = new Uint8Array(32).fill(9);
const [id64, hash64] = [encodeBytes(id), encodeBytes(hash)];
const alice = canonicalAddress('alice@example.org');

/** Of a body that came out of a record: what is taken is written with the same fields. */
function record<T>(
  name: string,
  {
    drives,
    seeds,
    parse,
    body,
  }: {
    readonly drives: readonly string[];
    readonly seeds: readonly RecordBody[];
    readonly parse: (body: RecordBody) => T | Promise<T>;
    readonly body?: (parsed: NonNullable<T>) => RecordBody;
  },
): ParserTarget {
  return parserTarget(name, {
    drives,
    seeds: seeds.map(encodeRecordBody),
    async parse(input) {
      const stored = parseRecordBody(input);
      if (stored === null || stored === 'unreadable') return null;
      const parsed = await parse(stored);
      if (body !== undefined && parsed !== null && parsed !== undefined) assert.deepEqual(body(parsed), stored);
      return parsed;
    },
  });
}

const item = { hold: id64, sizeBytes: 70_000, own: null };
const messageBody: RecordBody = {
  kind: 'message',
  v: 2,
  way: 'received',
  hour: 498_730,
  number: 3,
  hash: hash64,
  to: [alice],
  bcc: [],
  summary: { from: alice, subject: 'Noon', dateSeconds: 1_795_000_000, words: 'Shall we', attachments: 1 },
  verdict: {
    signature: 'valid',
    sender: hash64,
    retiredKey: false,
    late: false,
    addressed: 'to',
    inconsistent: false,
    logView: 'same',
    known: { trust: 'proved', witnesses: ['w.example'], sinceSeconds: 1, verifiedSeconds: null },
  },
  head: { day: 20_780, checkpoint: hash64 },
  counter: 1,
  delivery: id64,
  message: item,
  keyList: item,
  attachments: [{ ...item, own: { headerBytes: 1_627, item: hash64 } }],
};

const place = { size: 3, peaks: encodeBytes(new Uint8Array(64)) };
const seen = {
  v: 1,
  spaces: [
    {
      space: id64,
      tip: place,
      past: [],
      heads: [{ device: id64, size: 3, root: hash64, counter: 1, hour: 498_730, checked: true }],
      counter: 1,
      refetch: false,
    },
  ],
  arrivals: { base: { size: 0, peaks: '' }, tip: place, heads: [] },
  eventCursor: 12,
};

const keys = new SpaceKeys(nodeEngine, { space: id, epoch: 1, secrets: new Map([[1, hash]]) });
const head = await encodeHead(keys, { device: id, size: 70, root: hash, counter: 4, hour: 498_730 });

const letter = {
  written: {
    note: 'a note',
    checkpoint: null,
    mime: id64,
    key: { fileKey: id64, nonce: id64, item: hash64 },
    blindSeed: null,
    bcc: [],
  },
  keyListKey: null,
  holds: { message: id64, keyList: null },
  recipients: [{ role: 'to', address: alice, identity: hash64, arrival: id64, firstUse: true }],
  attachments: [],
};

const shorts = (
  JSON.parse(readFileSync(new URL('../../vectors/wire/short-headers.json', import.meta.url), 'utf8')) as {
    accept: { short: string }[];
  }
).accept.map(({ short }) => Buffer.from(short, 'hex'));

export const recordTargets: readonly ParserTarget[] = [
  parserTarget('record body', {
    drives: ['packages/sdk/src/sync/record-body.ts#parseRecordBody', 'packages/sdk/src/sync/utf8-text.ts#decodeUtf8'],
    seeds: [encodeRecordBody(messageBody), '{"kind":"x","v":1,"é":"\u{1f511}"}'],
    parse: parseRecordBody,
    again: (body) => (body === 'unreadable' ? '' : encodeRecordBody(body)),
  }),
  parserTarget('UTF-8', {
    drives: ['packages/sdk/src/sync/utf8-text.ts#decodeUtf8'],
    seeds: ['aé€\u{1f511}', '\u0000\u007f\u0080\u07ff\u0800\uffff\u{10ffff}'],
    parse: decodeUtf8,
    again: encodeUtf8,
  }),
  record('message record', {
    drives: [`${mail}/records/message-record.ts#parseMessageRecord`],
    seeds: [messageBody],
    parse: parseMessageRecord,
  }),
  record('state record', {
    drives: [`${mail}/records/state-record.ts#parseStateRecord`],
    seeds: [stateRecordBody({ message: id, read: true, starred: false, folder: 'archive' })],
    parse: parseStateRecord,
    body: stateRecordBody,
  }),
  record('deleted record', {
    drives: [`${mail}/records/deleted-record.ts#parseDeletedRecord`],
    seeds: [deletedRecordBody({ hash, sender: hash, counter: 3 })],
    parse: parseDeletedRecord,
    body: deletedRecordBody,
  }),
  record('correspondent record', {
    drives: [`${mail}/records/correspondent-record.ts#parseCorrespondentRecord`],
    seeds: [correspondentRecordBody({ address: alice, decision: 'declined' })],
    parse: parseCorrespondentRecord,
    body: correspondentRecordBody,
  }),
  record('unreadable record', {
    drives: [`${mail}/records/unreadable-record.ts#parseUnreadableRecord`],
    seeds: [unreadableRecordBody({ hour: 3, reason: 'damaged', delivery: id, items: [{ hold: id, sizeBytes: 3 }] })],
    parse: parseUnreadableRecord,
    body: unreadableRecordBody,
  }),
  record('outbox record', {
    drives: [`${mail}/outbox/outbox-record.ts#parseOutboxRecord`],
    seeds: [
      outboxRecordBody({
        run: id,
        step: 'delivering',
        subject: 'Noon',
        recipients: [alice],
        letter: { in: 'hold', hold: id, sizeBytes: 3, hash },
        own: { message: id, keyList: id },
        abandoned: [id],
        outcomes: [{ address: alice, outcome: 'later' }],
      }),
    ],
    parse: parseOutboxRecord,
  }),
  record('vault record', {
    drives: [
      'packages/sdk/src/client/vault-records.ts#parseVaultRecord',
      'packages/sdk/src/account/stored-json.ts#parseStored',
    ],
    seeds: [
      formatVaultRecord({ kind: 'device', v: 1, name: 'laptop', madeHour: 498_730, joined: 'kit' }),
      formatVaultRecord({ kind: 'space', v: 1, space: id, holds: 'mailbox', epochs: [{ epoch: 1, secret: hash }] }),
      formatVaultRecord({ kind: 'genesis', v: 1, hash }),
      formatVaultRecord({ kind: 'identity', v: 1, version: 0, ed25519: hash, mldsa44: hash, seal: 'x', note: 'y' }),
    ],
    parse: (body) =>
      parseVaultRecord(
        (['device', 'space', 'genesis', 'identity', 'kit', 'account-secret'] as const).find(
          (kind) => kind === body.kind,
        ) ?? 'kit',
        body,
      ),
    body: formatVaultRecord,
  }),
  record('pin', {
    drives: [
      'packages/sdk/src/directory/pin-record.ts#parsePin',
      'packages/sdk/src/directory/key-log/standing-record.ts#parseStanding',
    ],
    seeds: [
      { kind: 'pin', v: 1, address: alice, notes: ['no note'] },
      {
        kind: 'pin',
        v: 2,
        address: alice,
        genesis: hash64,
        last: { version: 0, hash: hash64 },
        position: 3,
        versions: [{ note: 'no note', recoveryCountsSeconds: 0 }],
        waiting: null,
        vetoedKits: [],
        killed: [],
        ended: null,
        disputed: false,
      },
    ],
    parse: async (body) => (await parseStanding(nodeEngine, alice, body)) ?? (await parsePin(nodeEngine, alice, body)),
  }),
  record('noted heads', {
    drives: ['packages/sdk/src/sync/note-heads.ts#parseNotedHeads'],
    seeds: [{ kind: 'heads', v: 1, device: id64, hour: 3, tips: [{ space: id64, size: 3, root: hash64 }] }],
    parse: parseNotedHeads,
  }),
  parserTarget('head', {
    drives: ['packages/sdk/src/sync/head.ts#decodeHead'],
    seeds: [head],
    parse: (input) => decodeHead(keys, input),
    again: (taken) => encodeHead(keys, taken),
  }),
  parserTarget('seen file', {
    drives: ['packages/sdk/src/sync/seen-file.ts#parseSeen', 'packages/sdk/src/account/stored-json.ts#parseStored'],
    seeds: [JSON.stringify(seen)],
    parse: parseSeen,
  }),
  parserTarget('letter', {
    drives: [`${mail}/outbox/letter.ts#decodeLetter`],
    seeds: [JSON.stringify(letter)],
    parse: decodeLetter,
  }),
  parserTarget('profile file', {
    drives: ['packages/sdk/src/account/stored-json.ts#decodeStored'],
    seeds: ['{"after":null,"limit":1}', '{"after":12,"limit":100}', 'null'],
    parse: (input) => decodeStored(ROUTES.eventsList.request, input),
  }),
  parserTarget('request on the wire', {
    drives: [`${wire}/json.ts#parseJson`, `${wire}/json.ts#parseFields`, `${wire}/bytes.ts#decodeBytes`],
    seeds: [
      '{"after":null,"limit":1}',
      JSON.stringify({ space: id64, writes: [{ record: id64, version: 1, epoch: 1, sealed: hash64 }], head: null }),
    ],
    parse: (input) =>
      parseJson(ROUTES.eventsList.request, textOf(input)) ?? parseJson(ROUTES.spacesWrite.request, textOf(input)),
  }),
  parserTarget('refusal', {
    drives: [`${wire}/json.ts#parseRefusal`],
    seeds: ['{"code":"rate_limited","retryAfterSeconds":3}', '{"code":"internal"}'],
    parse: (input) => parseRefusal(textOf(input)),
  }),
  parserTarget('short header', {
    drives: [`${wire}/short-header.ts#decodeShortHeader`],
    seeds: shorts,
    parse: decodeShortHeader,
    again: encodeShortHeader,
  }),
];
