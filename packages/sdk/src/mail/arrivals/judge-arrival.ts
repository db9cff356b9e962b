/** What an arrival is: a message with a verdict, or something that stays closed (docs/spec/09-mail.md, "Receiving"). */
import { CryptoError, parseRecipient, sealHeader, type PayloadReader } from '@latchkey/crypto';
import { ProtocolError, type MessageStatement } from '@latchkey/protocol';
import { decodeShortHeader, encodeShortHeader } from '@latchkey/protocol/wire';
import type { Client } from '../../client/types.ts';
import { RefusedError, SdkError } from '../../errors.ts';
import {
  openFirstChunk,
  openKeyList,
  type AttachmentEntry,
  type FirstChunk,
  type Receiver,
  type Summary,
} from '../../message/index.ts';
import type { HereArrival } from '../../sync/open-arrival-log.ts';
import type { RecordBody } from '../../sync/types.ts';
import { messageRecordBody, type StoredItem } from '../records/message-record.ts';
import { unreadableRecordBody, type UnreadableReason } from '../records/unreadable-record.ts';
import { blobReader, bytesReader } from '../transfers/blob-reader.ts';
import type { LineOptions } from '../transfers/server-line.ts';
import { oncePerRange } from './once-per-range.ts';

export interface JudgedArrival {
  readonly arrival: HereArrival;
  readonly body: RecordBody;
  /** One hold for each item; own headers for those that came without one. Headers are short. */
  readonly holds: readonly { readonly hold: Uint8Array; readonly header: Uint8Array | null }[];
  /** Statement note of a sender whose signature holds: kept once for each version. */
  readonly sender: FirstChunk['verdict']['sender'];
}

/** A key list lists at most 32 MiB; what claims more is not asked for. */
const MOST_KEY_LIST_BYTES = 34_000_000;

/**
 * Never throws for what an arrival holds. The same is fetched whatever is wrong with it, so that nobody learns what an
 * owner can open.
 *
 * @returns null where the server does not give what it listed: the arrival stays where it is
 * @throws SdkError `stopped`, `server_unreachable` and other failures of the line alone
 */
export async function judgeArrival(
  client: Client,
  { arrival, receiver }: { readonly arrival: HereArrival; readonly receiver: Receiver },
  options: LineOptions,
): Promise<JudgedArrival | null> {
  const { engine } = client.host;
  const [first] = arrival.items;
  if (first === undefined) return null;
  const payload = oncePerRange(
    blobReader(client, { arrival: arrival.number, item: 0 }, { sizeBytes: first.sizeBytes, ...options }),
  );
  const [firstChunk, keyList] = await Promise.all([
    unlessWrong(payload.readAt(0, Math.min(first.sizeBytes, FIRST_BYTES))),
    fetchKeyList(client, arrival, options),
  ]);
  if (firstChunk === null || keyList === null) return null;

  const ids = arrival.items.map(() => engine.randomBytes(16));
  const message = await openItem(client, { arrival, receiver, payload });
  if (typeof message === 'string') return unreadable(arrival, { ids, reason: message });
  if (!isWhole(arrival, message.statement)) return unreadable(arrival, { ids, reason: 'damaged' });
  const entries = await openEntries(client, { arrival, message, keyList: keyList.value });
  const headers = await Promise.all((entries ?? []).map(async (entry) => ownHeader(client, entry)));
  return {
    arrival,
    body: bodyOf(arrival, { ids, message, areAttachmentsSound: entries !== null }),
    // Where a sender put one the server keeps it, and takes no other: the key list has the key all the same.
    holds: ids.map((hold, item) => ({
      hold,
      header: arrival.items[item]?.header === null ? (headers[item - 2] ?? null) : null,
    })),
    sender: message.verdict.signature === 'valid' ? message.verdict.sender : null,
  };
}

/** Nonce and first chunk. */
const FIRST_BYTES: number = 16 + 65_552;

/** Null where it is not given; without a value where there is none to fetch. */
async function fetchKeyList(
  client: Client,
  { number, items }: HereArrival,
  options: LineOptions,
): Promise<{ readonly value: Uint8Array | null } | null> {
  const sizeBytes = items[1]?.sizeBytes ?? 0;
  if (sizeBytes === 0 || sizeBytes > MOST_KEY_LIST_BYTES) return { value: null };
  const reader = blobReader(client, { arrival: number, item: 1 }, { sizeBytes, ...options });
  return unlessWrong(reader.readAt(0, sizeBytes));
}

async function openItem(
  { host }: Client,
  { arrival, receiver, payload }: { arrival: HereArrival; receiver: Receiver; payload: PayloadReader },
): Promise<FirstChunk | UnreadableReason> {
  const header = headerOf(arrival, 0);
  if (header === null) return 'damaged';
  const source = { header, payload, delivery: arrival.part };
  const opened = await unlessWrong(openFirstChunk(host, source, { ...receiver, arrivalHour: arrival.hour }));
  return opened === null ? 'damaged' : (opened.value ?? 'not_for_me');
}

/** The text of a header; null where none came, or something that is none. */
function headerOf({ items }: HereArrival, item: number): Uint8Array | null {
  const short = items[item]?.header ?? null;
  return short === null ? null : decodeShortHeader(short);
}

/** A message and its key list come first, then what the statement commits to. */
function isWhole({ items }: HereArrival, { attachments }: MessageStatement): boolean {
  return items.length === (attachments.length === 0 ? 1 : 2 + attachments.length);
}

/** Null where the attachments cannot be vouched for: the message is shown all the same. */
async function openEntries(
  { host, keys }: Client,
  { arrival, message, keyList }: { arrival: HereArrival; message: FirstChunk; keyList: Uint8Array | null },
): Promise<readonly AttachmentEntry[] | null> {
  const { statement, verdict } = message;
  if (statement.attachments.length === 0) return [];
  const header = headerOf(arrival, 1);
  if (keyList === null || header === null) return null;
  const source = { header, payload: bytesReader(keyList) };
  const opened = await unlessWrong(openKeyList(host, source, { own: keys, statement, sender: verdict.sender }));
  const entries = opened?.value ?? null;
  const fit =
    entries?.every(({ payloadBytes }, index) => arrival.items[index + 2]?.sizeBytes === payloadBytes) ?? false;
  return fit ? entries : null;
}

/** With it the hold is a whole age file of its owner's, whatever becomes of the key list. */
async function ownHeader({ host, keys }: Client, { key }: AttachmentEntry): Promise<Uint8Array> {
  const recipients = [parseRecipient(keys.newest.identity.statement.seal)];
  const wrappedBefore = ['mlkem768x25519'] as const;
  return encodeShortHeader(await sealHeader(host.engine, { fileKey: key.fileKey, recipients, wrappedBefore }));
}

interface BodyParts {
  readonly ids: readonly Uint8Array[];
  readonly message: FirstChunk;
  readonly areAttachmentsSound: boolean;
}

function bodyOf(arrival: HereArrival, { ids, message, areAttachmentsSound }: BodyParts): RecordBody {
  const { statement, hash, verdict } = message;
  const { sender, ...rest } = verdict;
  const stored = (item: number): StoredItem => ({
    hold: ids[item] ?? new Uint8Array(16),
    sizeBytes: arrival.items[item]?.sizeBytes ?? 0,
    own: null,
  });
  return messageRecordBody({
    way: 'received',
    hour: arrival.hour,
    number: arrival.number,
    hash,
    inReplyTo: statement.inReplyTo,
    to: statement.to.map(({ address }) => address),
    bcc: [],
    summary: verdict.inconsistent || message.summary === null ? bareSummary(statement) : message.summary,
    verdict: { ...rest, sender: sender?.hash ?? null, inconsistent: verdict.inconsistent || !areAttachmentsSound },
    head: null,
    counter: verdict.inconsistent ? null : message.counter,
    delivery: arrival.part,
    message: stored(0),
    keyList: arrival.items.length > 1 ? stored(1) : null,
    attachments: arrival.items.slice(2).map((_, index) => stored(index + 2)),
  });
}

/** What is signed, where the row that came along is not. */
function bareSummary({ from, dateSeconds, attachments }: MessageStatement): Summary {
  return { from: from.address, subject: '', dateSeconds, words: '', attachments: attachments.length };
}

function unreadable(
  arrival: HereArrival,
  { ids, reason }: { ids: readonly Uint8Array[]; reason: UnreadableReason },
): JudgedArrival {
  const items = arrival.items.map(({ sizeBytes }, item) => ({ hold: ids[item] ?? new Uint8Array(16), sizeBytes }));
  return {
    arrival,
    body: unreadableRecordBody({ hour: arrival.hour, reason, delivery: arrival.part, items }),
    holds: ids.map((hold) => ({ hold, header: null })),
    sender: null,
  };
}

/** Null for everything that an item can be wrong by; failures of the line are thrown. */
async function unlessWrong<T>(work: Promise<T>): Promise<{ readonly value: T } | null> {
  try {
    return { value: await work };
  } catch (error) {
    if (isOfTheItem(error)) return null;
    throw error;
  }
}

function isOfTheItem(error: unknown): boolean {
  if (error instanceof RefusedError) return false;
  if (error instanceof SdkError) return ofTheItem.has(error.code);
  return error instanceof CryptoError || error instanceof ProtocolError;
}

const ofTheItem: ReadonlySet<string> = new Set([
  'item_altered',
  'item_withheld',
  'statement_unverified',
  'answer_malformed',
]);
