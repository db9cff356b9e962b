import { exportMessage } from '@latchkey/mime';
import type { Client } from '../client/types.ts';
import { attachmentSource, writeAll } from './attachments.ts';
import { orDiscard, type ExportOptions } from './export-age.ts';
import { findReadable } from './find-record.ts';
import { openStored, openStoredKeyList, type StoredAttachment } from './open-stored.ts';
import { transferReport } from './transfers/transfer-report.ts';

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
  const parts = attachments.map((attachment) => ({
    name: attachment.entry.name,
    type: attachment.entry.type,
    read: () => attachmentSource(client, attachment, options).stream(),
  }));
  let doneBytes = 0;
  await writeAll(sink, exportMessage(mime, parts), (bytes) => report.reached(0, (doneBytes += bytes)));
}

/** Of the bytes in base64 and lines. */
function writtenBytes({ sizeBytes }: StoredAttachment['entry']): number {
  return Math.ceil(sizeBytes / 3) * 4 + Math.ceil(sizeBytes / 57) * 2;
}
