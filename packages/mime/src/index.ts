/** Mail as other programs write and read it: RFC 5322 and MIME. */
export { composeMessage } from './compose-message.ts';
export { MimeError, type MimeErrorCode } from './errors.ts';
export { MAX_MESSAGE_BYTES, MAX_TEXT_FIELD_BYTES } from './limits.ts';
export { exportMessage, type ExportedAttachment } from './export-message.ts';
export { formatDate, parseDate } from './message-date.ts';
export type { InlinePart, Mailbox, MessageFields } from './message.ts';
export { textAsRead } from './text-as-read.ts';
export type { MessagePart, ParsedMessage } from './parse-message.ts';
export { parseMessage } from './parse-when-needed.ts';
