/** Messages as bytes and verdicts, for the folders above this one (docs/spec/08-message.md). */
export { formatEnvelope } from './envelope.ts';
export { hashGivenUp } from './hash-given-up.ts';
export type { MessageHost } from './item-key.ts';
export { openFirstChunk, type FirstChunk, type MessageSource, type Receiver } from './open-first-chunk.ts';
export { openAttachment, openAttachmentRange } from './open-attachment.ts';
export { openKeyList } from './open-key-list.ts';
export { openMessage } from './open-message.ts';
export { attachmentPayload, measureAttachment } from './seal-attachment.ts';
export { sealArrivals } from './seal-arrivals.ts';
export {
  resumeMessage,
  sealMessage,
  type MessageRequest,
  type RepliedMessage,
  type SealedMessage,
  type WrittenMessage,
} from './seal-message.ts';
export { sealOwnCopy, type OwnCopyItem } from './seal-own-copy.ts';
export { senderViewOf, type SenderView } from './sender-view.ts';
export type { AttachmentEntry, ItemKey, MessageVerdict, OpenedMessage, Summary } from './types.ts';
export type { SealedItem } from './payload.ts';
