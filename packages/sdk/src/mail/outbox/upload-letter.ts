/** Puts everything of a letter on the server that its deliveries do not bring: large items and the own copy. */
import { ROUTES } from '@latchkey/protocol/wire';
import type { Client } from '../../client/types.ts';
import { RefusedError } from '../../errors.ts';
import {
  attachmentPayload,
  sealOwnCopy,
  type OwnCopyItem,
  type SealedItem,
  type SealedMessage,
} from '../../message/index.ts';
import type { StoredItem } from '../records/message-record.ts';
import type { TransferReport } from '../transfers/transfer-report.ts';
import { uploadItem, type PlacedItem, type UploadJob } from '../transfers/upload-item.ts';
import { callOptions, patientWire } from '../transfers/server-line.ts';
import type { TransferOptions } from '../types.ts';
import { goesAlong, wholePayload, type ItemToDeliver } from './item-to-deliver.ts';
import type { Letter, LetterAttachment } from './letter.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import { watched } from './write-letter.ts';

/** Opens an attachment again. Null: it is not there any more. */
export type ReadAgain = (
  attachment: LetterAttachment,
  index: number,
) => Promise<(() => AsyncIterable<Uint8Array>) | null>;

export interface LetterToUpload {
  readonly entry: OutboxEntry;
  readonly letter: Letter;
  readonly sealed: SealedMessage;
  readonly readAgain: ReadAgain;
  /** Another process began: look at what is there before anything is read. */
  readonly resumed: boolean;
}

export interface UploadedLetter {
  /** The recipients' items: message, key list, attachments. */
  readonly items: readonly ItemToDeliver[];
  readonly own: {
    readonly message: StoredItem;
    readonly keyList: StoredItem | null;
    readonly attachments: readonly StoredItem[];
  };
}

/**
 * @returns null where an attachment is neither on the server nor can be read again
 * @throws SdkError `attachment_changed`, `stopped`; what the wire throws
 */
export async function uploadLetter(
  client: Client,
  job: LetterToUpload,
  options: TransferOptions & { readonly report: TransferReport },
): Promise<UploadedLetter | null> {
  const { entry, letter, sealed } = job;
  const { report, signal } = options;
  const copy = await sealOwnCopy(client.host, sealed, {
    own: client.keys.newest,
    attachments: letter.attachments.map(({ own }) => own.entry),
  });
  const small = [sealed.message, ...(sealed.keyList === null ? [] : [sealed.keyList])];
  const total = small.filter((item) => !goesAlong(item)).map(({ payloadBytes }) => payloadBytes);
  total.push(copy.message.fileBytes);
  for (const { entry: each, own } of letter.attachments) {
    total.push(each.payloadBytes, own.header.length + own.entry.payloadBytes);
  }
  report.begin(
    'uploading',
    total.reduce((sum, bytes) => sum + bytes, copy.keyList?.fileBytes ?? 0),
  );
  let items = 0;
  const place = async (upload: UploadJob): Promise<PlacedItem> => {
    const item = items++;
    const onBytes = (bytes: number): void => report.reached(item, bytes);
    return uploadItem(client, upload, { onBytes, ...(signal === undefined ? {} : { signal }) });
  };

  // Attachments first: what is likely to fail fails before anything small was sent.
  const attachments: { blob: Uint8Array; own: StoredItem }[] = [];
  for (const [index, attachment] of letter.attachments.entries()) {
    const placed = await placeAttachment(client, { ...job, attachment, index, place }, options);
    if (placed === null) return null;
    attachments.push(placed);
  }
  const { message, keyList } = letter.holds;
  const [placedMessage, placedKeyList] = await Promise.all([
    itemToDeliver(message, sealed.message, place),
    sealed.keyList === null || keyList === null ? null : itemToDeliver(keyList, sealed.keyList, place),
    place(copyJob(entry.record.own.message, copy.message)),
    copy.keyList === null ? null : place(copyJob(entry.record.own.keyList, copy.keyList)),
  ]);
  return {
    items: [placedMessage, ...(placedKeyList === null ? [] : [placedKeyList]), ...attachments],
    own: {
      message: copyItem(entry.record.own.message, copy.message),
      keyList: copy.keyList === null ? null : copyItem(entry.record.own.keyList, copy.keyList),
      attachments: attachments.map(({ own }) => own),
    },
  };
}

interface AttachmentToPlace extends LetterToUpload {
  readonly attachment: LetterAttachment;
  readonly index: number;
  readonly place: (job: UploadJob) => Promise<PlacedItem>;
}

async function placeAttachment(
  client: Client,
  { attachment, index, place, readAgain, resumed }: AttachmentToPlace,
  options: TransferOptions,
): Promise<{ blob: Uint8Array; own: StoredItem } | null> {
  const { entry, hold, own } = attachment;
  let read: (() => AsyncIterable<Uint8Array>) | null = null;
  const putUnlessThere = async (
    job: Omit<UploadJob, 'pieces'>,
    header: Uint8Array | null,
  ): Promise<PlacedItem | null> => {
    const there = resumed ? await placedBefore(client, job.hold, options) : null;
    if (there !== null) return there;
    read ??= await readAgain(attachment, index);
    if (read === null) return null;
    const source = read;
    const sealedEntry = header === null ? entry : own.entry;
    return place({
      ...job,
      async *pieces() {
        if (header !== null) yield header;
        yield* attachmentPayload(client.host, sealedEntry, () =>
          watched(source(), { signal: options.signal, reached: () => undefined }),
        );
      },
    });
  };
  const placed = await putUnlessThere({ hold, sizeBytes: entry.payloadBytes }, null);
  const sizeBytes = own.header.length + own.entry.payloadBytes;
  const placedOwn = placed === null ? null : await putUnlessThere({ hold: own.hold, sizeBytes }, own.header);
  if (placed === null || placedOwn === null) return null;
  const stored = { headerBytes: own.header.length, item: own.entry.key.item };
  return { blob: placed.blob, own: { hold: own.hold, sizeBytes, own: stored } };
}

/** Whether an earlier run got this far: then the bytes need not be there any more. */
async function placedBefore(client: Client, hold: Uint8Array, options: TransferOptions): Promise<PlacedItem | null> {
  const wire = patientWire(client);
  const call = callOptions(client, options);
  const running = await unlessNotFound(wire.call(ROUTES.uploadsList, { upload: hold, after: null }, call));
  if (running !== null) return null;
  // Where there is no upload any more, this finds the hold that it became.
  const digest = new Uint8Array(32);
  return unlessNotFound(wire.call(ROUTES.uploadsComplete, { upload: hold, digest }, call));
}

async function unlessNotFound<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RefusedError && error.wire === 'not_found') return null;
    throw error;
  }
}

async function itemToDeliver(
  hold: Uint8Array,
  item: SealedItem,
  place: AttachmentToPlace['place'],
): Promise<ItemToDeliver> {
  if (goesAlong(item)) return { content: await wholePayload(item) };
  return place({ hold, sizeBytes: item.payloadBytes, pieces: () => item.payload() });
}

function copyJob(hold: Uint8Array, copy: OwnCopyItem): UploadJob {
  return { hold, sizeBytes: copy.fileBytes, pieces: () => copy.file() };
}

function copyItem(hold: Uint8Array, { key, header, fileBytes }: OwnCopyItem): StoredItem {
  return { hold, sizeBytes: fileBytes, own: { headerBytes: header.length, item: key.item } };
}
