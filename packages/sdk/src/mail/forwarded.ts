/** A message that goes along with another one: as it was written, with its attachments, all under new keys. */
import { parseMessage } from '@latchkey/mime';
import type { Client } from '../client/types.ts';
import { hex } from '@scure/base';
import type { ByteSource } from '../ports.ts';
import { attachmentSource, oneOf } from './attachments.ts';
import { findReadable } from './find-record.ts';
import { onePiece } from './one-piece.ts';
import { openStored, openStoredKeyList } from './open-stored.ts';
import type { LetterSource } from './outbox/letter.ts';
import type { SourcedAttachment } from './outbox/write-letter.ts';
import type { LineOptions } from './transfers/server-line.ts';

export interface ForwardedParts {
  /** Subject for a draft that has none. */
  readonly subject: string;
  readonly attachments: readonly SourcedAttachment[];
}

/** @throws SdkError `message_not_found`, `message_ambiguous`, `item_altered`, `item_withheld`; what the wire throws */
export async function forwardedParts(client: Client, prefix: string, options: LineOptions): Promise<ForwardedParts> {
  const { id, message: record } = await findReadable(client, prefix);
  const opened = await openStored(client, record, options);
  const stored = await openStoredKeyList(client, { record, opened }, options);
  const { subject } = await parseMessage(opened.mime);
  const message: SourcedAttachment = {
    name: 'message.eml',
    type: 'message/rfc822',
    source: memorySource(opened.mime),
    ...foundAgain(id, null),
  };
  const attachments = stored.map((attachment, index): SourcedAttachment => ({
    name: attachment.entry.name,
    type: attachment.entry.type,
    source: attachmentSource(client, attachment, options),
    ...foundAgain(id, index),
  }));
  return { subject: withPrefix('Fwd', subject), attachments: [message, ...attachments] };
}

/** The same bytes, for another run. Null where the message is not there any more. */
export async function forwardedSource(
  client: Client,
  { record: id, index }: Extract<LetterSource, { from: 'message' }>,
  options: LineOptions,
): Promise<ByteSource | null> {
  const body = (await client.mailbox.read(id))?.body ?? null;
  if (body === null) return null;
  const { message: record } = await findReadable(client, hex.encode(id));
  const opened = await openStored(client, record, options);
  if (index === null) return memorySource(opened.mime);
  return attachmentSource(client, oneOf(await openStoredKeyList(client, { record, opened }, options), index), options);
}

/** `Re: ` or `Fwd: `, once. */
export function withPrefix(prefix: 'Re' | 'Fwd', subject: string): string {
  return subject.toLowerCase().startsWith(`${prefix.toLowerCase()}:`) ? subject : `${prefix}: ${subject}`;
}

function foundAgain(record: Uint8Array, index: number | null): Pick<SourcedAttachment, 'identity' | 'again'> {
  // What is filed never changes.
  return { identity: '', again: { from: 'message', record, index } };
}

function memorySource(bytes: Uint8Array): ByteSource {
  return { sizeBytes: bytes.length, stream: () => onePiece(Uint8Array.from(bytes)) };
}
