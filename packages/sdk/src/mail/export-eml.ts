import { hex } from '@scure/base';
import type { Client } from '../client/types.ts';
import { encodeUtf8 } from '../sync/utf8-text.ts';
import { attachmentSource, writeAll } from './attachments.ts';
import { attachmentHeader } from './eml/attachment-header.ts';
import { base64Lines } from './eml/base64-lines.ts';
import { splitHeader } from './eml/split-header.ts';
import { orDiscard, type ExportOptions } from './export-age.ts';
import { findReadable } from './find-record.ts';
import { openStored, openStoredKeyList, type StoredAttachment } from './open-stored.ts';
import { transferReport } from './transfers/transfer-report.ts';
import type { LineOptions } from './transfers/server-line.ts';

/**
 * The message as any mail program reads it, with its attachments in it. Without attachments these are the very bytes
 * that were signed; with them the body becomes the first part of a multipart. Memory does not grow with the attachments.
 *
 * @throws SdkError `message_not_found`, `message_ambiguous`, `item_altered`, `item_withheld`, `stopped`; what the wire
 *   and the sink throw
 */
export async function exportEml(client: Client, prefix: string, { sink, ...options }: ExportOptions): Promise<void> {
  const report = transferReport(options);
  const { mime, attachments } = await orDiscard(sink, async () => {
    const { message: record } = await findReadable(client, prefix);
    const opened = await openStored(client, record, options);
    return { mime: opened.mime, attachments: await openStoredKeyList(client, { record, opened }, options) };
  });
  report.begin(
    'downloading',
    attachments.reduce((sum, { entry }) => sum + writtenBytes(entry), mime.length),
  );
  let doneBytes = 0;
  await writeAll(sink, emlOf(client, { mime, attachments }, options), (bytes) =>
    report.reached(0, (doneBytes += bytes)),
  );
}

async function* emlOf(
  client: Client,
  { mime, attachments }: { readonly mime: Uint8Array; readonly attachments: readonly StoredAttachment[] },
  options: LineOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (attachments.length === 0) {
    yield mime;
    return;
  }
  // Random: nothing that was written before can hold it.
  const boundary = `=_latchkey-${hex.encode(client.host.engine.randomBytes(16))}`;
  const { envelope, content } = splitHeader(mime);
  yield envelope;
  yield encodeUtf8(
    `MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary="${boundary}"\r\n\r\n--${boundary}\r\n`,
  );
  yield content;
  for (const attachment of attachments) {
    yield encodeUtf8(`\r\n--${boundary}\r\n${attachmentHeader(attachment.entry)}`);
    yield* base64Lines(attachmentSource(client, attachment, options).stream());
  }
  yield encodeUtf8(`\r\n--${boundary}--\r\n`);
}

/** Of the bytes in base64 and lines. */
function writtenBytes({ sizeBytes }: StoredAttachment['entry']): number {
  return Math.ceil(sizeBytes / 3) * 4 + Math.ceil(sizeBytes / 57) * 2;
}
