/** Opening what is filed: headers and payloads of own holds (docs/spec/09-mail.md, "Reading"). */
import type { PayloadReader } from '@latchkey/crypto';
import { decodeShortHeader, ROUTES } from '@latchkey/protocol/wire';
import type { Client } from '../client/types.ts';
import { SdkError } from '../errors.ts';
import {
  openKeyList,
  openMessage,
  senderViewOf,
  type AttachmentEntry,
  type OpenedMessage,
  type Receiver,
} from '../message/index.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import type { MessageRecord, StoredItem } from './records/message-record.ts';
import { blobReader, bytesReader } from './transfers/blob-reader.ts';
import { callOptions, patientWire, type LineOptions } from './transfers/server-line.ts';

type Options = LineOptions & { readonly onBytes?: (bytes: number) => void };

/** Header, as text, and payload of a small item, fetched whole. */
export interface WholeItem {
  readonly header: Uint8Array;
  readonly payload: Uint8Array;
}

/** @throws SdkError `item_altered`, `item_withheld`; what the wire throws */
export async function fetchWhole(client: Client, item: StoredItem, options: Options): Promise<WholeItem> {
  const { hold, sizeBytes, own } = item;
  const blob = blobReader(client, { hold }, { sizeBytes, ...options });
  if (own !== null) {
    const file = await blob.readAt(0, sizeBytes);
    return { header: file.subarray(0, own.headerBytes), payload: file.subarray(own.headerBytes) };
  }
  const [header, payload] = await Promise.all([fetchHeader(client, hold, options), blob.readAt(0, sizeBytes)]);
  return { header, payload };
}

/** The header that lies beside a hold. Holds are listed in the order of their ids: it is the one after its forerunner. */
async function fetchHeader(client: Client, hold: Uint8Array, options: Options): Promise<Uint8Array> {
  const { holds } = await patientWire(client).call(
    ROUTES.holdsList,
    { after: forerunnerOf(hold), limit: 1 },
    callOptions(client, options),
  );
  const [found] = holds;
  if (found === undefined || !equalBytes(found.hold, hold) || found.header === null) {
    throw new SdkError('item_withheld', 'the server does not give the header of an item that it took');
  }
  const header = decodeShortHeader(found.header);
  if (header === null) throw new SdkError('item_altered', 'the header of an item is in no known form');
  return header;
}

/** The id before this one in byte order; null before the first. */
function forerunnerOf(id: Uint8Array): Uint8Array | null {
  const before = Uint8Array.from(id);
  for (let at = before.length - 1; at >= 0; at--) {
    const byte = before[at] ?? 0;
    before[at] = (byte + 255) % 256;
    if (byte > 0) return before;
  }
  return null;
}

/**
 * A filed message, every byte of it checked. Who signed it was settled when it arrived, and the hash in the own record
 * holds it to that.
 *
 * @throws SdkError `item_altered`, `item_withheld`; what the wire throws
 */
export async function openStored(client: Client, record: MessageRecord, options: Options): Promise<OpenedMessage> {
  return openFetched(client, record, await fetchWhole(client, record.message, options));
}

/** The same, of bytes that were fetched already. @throws SdkError `item_altered` */
export async function openFetched(
  client: Client,
  record: MessageRecord,
  { header, payload }: WholeItem,
): Promise<OpenedMessage> {
  const source = { header, payload: bytesReader(payload) };
  const way = ownWayOf(record);
  const opened = await openMessage(
    client.host,
    { ...source, ...way },
    receiverOf(client, record.hour, { pinIsEnough: true }),
  );
  if (opened === null || !equalBytes(opened.hash, record.hash)) {
    throw new SdkError('item_altered', 'the item is not the message that was filed');
  }
  return opened;
}

function ownWayOf({ message, delivery }: MessageRecord): { delivery: Uint8Array } | { ownCopyItem: Uint8Array } {
  return message.own === null ? { delivery: delivery ?? new Uint8Array() } : { ownCopyItem: message.own.item };
}

export function receiverOf(
  { keys, directory }: Pick<Client, 'keys' | 'directory'>,
  arrivalHour: number | null,
  { pinIsEnough }: { readonly pinIsEnough: boolean },
): Receiver {
  return {
    own: keys,
    arrivalHour,
    async lookUp(address) {
      const [resolution] = await directory.resolve([address], { pinIsEnough });
      return resolution === undefined ? { outcome: 'unknown' } : senderViewOf(resolution);
    },
  };
}

export interface StoredAttachment {
  readonly entry: AttachmentEntry;
  readonly item: StoredItem;
}

/**
 * The attachments of a filed message, as its statement lists them.
 *
 * @throws SdkError `item_altered`, `item_withheld`, `stopped`; what the wire throws
 */
export async function openStoredKeyList(
  client: Client,
  { record, opened }: { readonly record: MessageRecord; readonly opened: OpenedMessage },
  options: Options,
): Promise<readonly StoredAttachment[]> {
  if (record.keyList === null) {
    if (opened.statement.attachments.length > 0) throw lost();
    return [];
  }
  const { header, payload } = await fetchWhole(client, record.keyList, options);
  const entries = await openKeyList(
    client.host,
    { header, payload: bytesReader(payload) },
    { own: client.keys, statement: opened.statement, sender: opened.verdict.sender },
  );
  if (entries === null) throw lost();
  return entries.map((entry, index) => {
    const item = record.attachments[index];
    if (item === undefined) throw lost();
    return { entry, item };
  });
}

/** The payload of an attachment, of which any part can be read. */
export function attachmentReader(
  client: Client,
  { hold, sizeBytes, own }: StoredItem,
  options: Options,
): PayloadReader {
  return blobReader(client, { hold }, { sizeBytes, headerBytes: own?.headerBytes ?? 0, ...options });
}

function lost(): SdkError {
  return new SdkError('item_altered', 'the attachments are not those of the message');
}
