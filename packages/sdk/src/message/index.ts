/** Messages as bytes and verdicts, for the folders above this one (docs/spec/08-message.md). */
export type { MessageHost } from './item-key.ts';
export { openFirstChunk, type FirstChunk, type MessageSource, type Receiver } from './open-first-chunk.ts';
export { openAttachment, openAttachmentRange, type AttachmentRange } from './open-attachment.ts';
export { openKeyList, type KeyListReader, type KeyListSource } from './open-key-list.ts';
export { openMessage } from './open-message.ts';
export type { SealedItem } from './payload.ts';
export { attachmentPayload, measureAttachment, type AttachmentRequest } from './seal-attachment.ts';
export { sealArrivals, type ArrivalRecipient, type SealedArrival } from './seal-arrivals.ts';
export {
  resumeMessage,
  sealMessage,
  type MessageRequest,
  type RepliedMessage,
  type SealedMessage,
  type WrittenMessage,
} from './seal-message.ts';
export { sealOwnCopy, type OwnCopy, type OwnCopyItem, type OwnCopyRequest } from './seal-own-copy.ts';
export { senderViewOf, type SenderVersion, type SenderView } from './sender-view.ts';
export type {
  Addressed,
  AttachmentEntry,
  ItemKey,
  ManifestClaim,
  MessageVerdict,
  OpenedMessage,
  Summary,
} from './types.ts';
