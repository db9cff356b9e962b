/** Door `@latchkey/sdk/mail`: sending, receiving and keeping mail (docs/spec/09-mail.md). */
export { openAttachmentRange, saveAttachments, type AttachmentSpan, type SaveOptions } from './attachments.ts';
export { decideOnSenders, type Decided } from './decide-on-senders.ts';
export { emptyTrash, type Emptied } from './empty-trash.ts';
export { exportAge, type ExportOptions } from './export-age.ts';
export { exportEml } from './export-eml.ts';
export { heal, pastSetbacks, setbacks, type Healed, type SpaceSetback } from './heal.ts';
export { findMessage, list, placeOf, type ListedFolder, type ListOptions } from './list.ts';
export { mark, type Marked } from './mark.ts';
export type { Decision } from './records/correspondent-record.ts';
export { read } from './read.ts';
export { receive, type Received } from './receive.ts';
export { planReport, type PlannedReport, type ReportReason } from './report.ts';
export { RecipientsRefusedError, type RefusedRecipient } from './refused-recipients.ts';
export { resumeOutbox, type OutboxResult, type ResumeOptions } from './resume-outbox.ts';
export { send } from './send.ts';
export { listOutbox, takeBack, type OutboxMessage } from './take-back.ts';
export type {
  CarryOptions,
  Draft,
  DraftAttachment,
  Folder,
  InlineImage,
  Mark,
  MessageAttachment,
  MessageProblem,
  MessageRow,
  ReadMessage,
  RecipientOutcome,
  SenderStanding,
  SendOptions,
  Sent,
  SinkFor,
  TransferOptions,
  TransferProgress,
} from './types.ts';
export { wasSent } from './was-sent.ts';
export { waitForMail, watch, type WaitOptions, type WatchOptions } from './watch.ts';
