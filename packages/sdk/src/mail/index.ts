/** Door `@latchkey/sdk/mail`: sending, receiving and keeping mail. */
export type {
  Draft,
  DraftAttachment,
  Folder,
  Mark,
  MessageAttachment,
  MessageRow,
  ReadMessage,
  RecipientOutcome,
  SendOptions,
  Sent,
  SinkFor,
  TransferOptions,
  TransferProgress,
} from './types.ts';
