/** Attachments of filed messages: saved whole, or read in ranges. Memory does not grow with them. */
import type { Client } from '../client/types.ts';
import { giveBack } from '../by-hand/give-back.ts';
import { refuseWhenStopped } from '../by-hand/watch-source.ts';
import { SdkError } from '../errors.ts';
import { openAttachment, openAttachmentRange as openRangeOf } from '../message/index.ts';
import type { ByteSink, ByteSource } from '../ports.ts';
import { findReadable } from './find-record.ts';
import { attachmentReader, openStored, openStoredKeyList, type StoredAttachment } from './open-stored.ts';
import { transferReport } from './transfers/transfer-report.ts';
import type { LineOptions } from './transfers/server-line.ts';
import type { MessageAttachment, SinkFor, TransferOptions } from './types.ts';

export interface SaveOptions extends TransferOptions {
  readonly sinkFor: SinkFor;
}

/**
 * Writes each attachment to the sink that is opened for it. Every byte was checked before it is written, and a sink is
 * committed only when all of it was; what fails is discarded, and what was saved before stays.
 *
 * @returns those that were saved
 * @throws SdkError `message_not_found`, `message_ambiguous`, `item_altered`, `item_withheld`, `stopped`; what the wire
 *   and the sinks throw
 */
export async function saveAttachments(
  client: Client,
  prefix: string,
  options: SaveOptions,
): Promise<readonly MessageAttachment[]> {
  const attachments = await attachmentsOf(client, prefix, options);
  const report = transferReport(options);
  report.begin(
    'downloading',
    attachments.reduce((sum, { entry }) => sum + entry.sizeBytes, 0),
  );
  const saved: MessageAttachment[] = [];
  for (const [index, attachment] of attachments.entries()) {
    const { name, type, sizeBytes } = attachment.entry;
    const facts = { name, type, sizeBytes };
    const sink = await options.sinkFor(facts, index);
    if (sink === null) continue;
    let doneBytes = 0;
    const pieces = givenBack(bytesOf(client, attachment, options));
    await writeAll(sink, pieces, (bytes) => report.reached(index, (doneBytes += bytes)));
    saved.push(facts);
  }
  return saved;
}

export interface AttachmentSpan {
  /** From 0. */
  readonly index: number;
  readonly from: number;
  /** The byte after the last one. */
  readonly to: number;
}

/**
 * Bytes `from` up to and without `to` of one attachment, each checked before it comes out.
 *
 * @throws SdkError `attachment_not_found`, and what `saveAttachments` throws; CryptoError `range_outside_payload`
 */
export async function* openAttachmentRange(
  client: Client,
  prefix: string,
  { index, from, to, ...options }: AttachmentSpan & LineOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { entry, item } = oneOf(await attachmentsOf(client, prefix, options), index);
  const payload = attachmentReader(client, item, options);
  yield* openRangeOf(client.host, { entry, payload, start: from, end: to });
}

/** An attachment as a source: read from its hold each time it is asked for. */
export function attachmentSource(client: Client, attachment: StoredAttachment, options: LineOptions): ByteSource {
  return { sizeBytes: attachment.entry.sizeBytes, stream: () => bytesOf(client, attachment, options) };
}

/** @throws SdkError `attachment_not_found` */
export function oneOf(attachments: readonly StoredAttachment[], index: number): StoredAttachment {
  const attachment = attachments[index];
  if (attachment === undefined) throw new SdkError('attachment_not_found', 'the message has no such attachment');
  return attachment;
}

export async function writeAll(
  sink: ByteSink,
  pieces: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): Promise<void> {
  try {
    for await (const piece of pieces) {
      await sink.write(piece);
      onBytes(piece.length);
    }
    await sink.commit();
  } catch (error) {
    await sink.discard();
    throw error;
  }
}

/** For a consumer that is done with a piece when it asks for the next. */
async function* givenBack(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of pieces) {
    yield piece;
    giveBack(piece);
  }
}

async function attachmentsOf(
  client: Client,
  prefix: string,
  options: LineOptions,
): Promise<readonly StoredAttachment[]> {
  const { message: record } = await findReadable(client, prefix);
  if (record.keyList === null) return [];
  const opened = await openStored(client, record, options);
  return openStoredKeyList(client, { record, opened }, options);
}

async function* bytesOf(
  client: Client,
  { entry, item }: StoredAttachment,
  options: LineOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const line = options.signal === undefined ? {} : { signal: options.signal };
  for await (const piece of openAttachment(client.host, entry, attachmentReader(client, item, line))) {
    refuseWhenStopped(options.signal);
    yield piece;
  }
}
