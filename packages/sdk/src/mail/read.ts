import { parseMessage } from '@latchkey/mime';
import { hex } from '@scure/base';
import type { Client } from '../client/types.ts';
import { findReadable } from './find-record.ts';
import { findMessage } from './list.ts';
import { openStored, openStoredKeyList } from './open-stored.ts';
import { isClean } from './rows.ts';
import type { ReadMessage, TransferOptions } from './types.ts';
import { transferReport } from './transfers/transfer-report.ts';

/**
 * A whole message, every byte checked. Does not mark it as read.
 *
 * @throws SdkError `message_not_found`, `message_ambiguous`, `item_altered`, `item_withheld`, `stopped`; what the wire
 *   throws
 */
export async function read(client: Client, prefix: string, options: TransferOptions = {}): Promise<ReadMessage> {
  const { id, message: record } = await findReadable(client, prefix);
  const report = transferReport(options);
  const totalBytes = record.message.sizeBytes + (record.keyList?.sizeBytes ?? 0);
  report.begin('downloading', totalBytes);
  let doneBytes = 0;
  const onBytes = (bytes: number): void => report.reached(0, (doneBytes += bytes));
  const opened = await openStored(client, record, { ...options, onBytes });
  const attachments = await openStoredKeyList(client, { record, opened }, { ...options, onBytes });
  const mime = await parseMessage(opened.mime);

  const row = await findMessage(client, hex.encode(id));
  const { statement } = opened;
  const verdict = { ...row.verdict, inconsistent: row.verdict.inconsistent || opened.verdict.inconsistent };
  return {
    row: { ...row, verdict, verified: isClean(verdict) },
    subject: mime.subject,
    from: statement.from.address,
    to: statement.to.map(({ address }) => address),
    cc: statement.cc.map(({ address }) => address),
    bcc: record.bcc,
    dateSeconds: statement.dateSeconds,
    text: mime.text,
    html: mime.html,
    inline: mime.parts.flatMap(({ contentId, type, bytes }) =>
      contentId !== null && type.startsWith('image/') ? [{ contentId, type, bytes }] : [],
    ),
    attachments: attachments.map(({ entry: { name, type, sizeBytes } }) => ({ name, type, sizeBytes })),
    mime: opened.mime,
  };
}
