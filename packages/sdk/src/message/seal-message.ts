/** Writing and signing a message: the main flow (docs/spec/08-message.md). */
import {
  composeMessage,
  MimeError,
  parseMessage,
  textAsRead,
  type InlinePart,
  type ParsedMessage,
} from '@latchkey/mime';
import { statementTextHash, type MessageStatement, type Party } from '@latchkey/protocol';
import { base16, utf8 } from '@scure/base';
import { SdkError } from '../errors.ts';
import { identitySigner } from '../signing/identity.ts';
import { parseSigned, signReadable, type UnverifiedStatement } from '../signing/signed-statement.ts';
import type { OwnIdentity, VerifiedIdentity } from '../signing/types.ts';
import { BLIND_SEED_BYTES, blindTreeOf } from './blind-tree.ts';
import { formatEnvelope } from './envelope.ts';
import { newItemKey, type MessageHost } from './item-key.ts';
import { attachmentHash, encodeKeyList } from './key-list.ts';
import { sealedItem, type SealedItem } from './payload.ts';
import { formatSummary, summaryOf } from './summary.ts';
import type { AttachmentEntry, ItemKey, Summary } from './types.ts';

export interface MessageRequest {
  readonly sender: OwnIdentity;
  readonly to: readonly VerifiedIdentity[];
  readonly cc: readonly VerifiedIdentity[];
  readonly bcc: readonly VerifiedIdentity[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly inline?: readonly InlinePart[];
  /** Since 1970-01-01T00:00:00Z. */
  readonly dateSeconds: number;
  readonly inReplyTo: RepliedMessage | null;
  /** In their order, as `measureAttachment` gave them. */
  readonly attachments: readonly AttachmentEntry[];
  /** The newest hourly head of the key log, as a whole note; absent or null where there is no key log. */
  readonly checkpoint?: string | null;
}

export interface RepliedMessage {
  /** Hash of its statement. */
  readonly hash: Uint8Array;
  /** As its MIME has them, with angle brackets. */
  readonly messageId: string | null;
  readonly references: readonly string[];
}

/** All that must outlive a crash: with it the same payloads are made again, byte for byte. Secret. */
export interface WrittenMessage {
  /** The signed statement. */
  readonly note: string;
  /** Whose hash the statement has; null where it has none. */
  readonly checkpoint: string | null;
  readonly mime: Uint8Array;
  readonly key: ItemKey;
  /** Of the tree of blind recipients; null without any. */
  readonly blindSeed: Uint8Array | null;
  readonly bcc: readonly Party[];
  /** Null without attachments. */
  readonly keyList: { readonly key: ItemKey; readonly attachments: readonly AttachmentEntry[] } | null;
}

/** One message, whoever it goes to. */
export interface SealedMessage {
  readonly written: WrittenMessage;
  readonly statement: MessageStatement;
  /** The message's identity. */
  readonly hash: Uint8Array;
  readonly summary: Summary;
  readonly message: SealedItem;
  readonly keyList: SealedItem | null;
}

const MAX_REFERENCES = 32;

/**
 * Builds MIME and statement, signs, and makes the items ready for upload. Whoever is named is not blind too.
 *
 * @throws SdkError `recipients_too_many`, `message_too_large`; MimeError `field_unfit`; ProtocolError
 */
export async function sealMessage(host: MessageHost, request: MessageRequest): Promise<SealedMessage> {
  const { engine } = host;
  const { sender, dateSeconds, attachments, checkpoint = null } = request;
  const id = engine.randomBytes(16);
  const mime = mimeOf(request, id);
  const key = await newItemKey(engine);
  const named = new Set([...request.to, ...request.cc].map(({ party }) => party.address));
  const bcc = request.bcc.map(({ party }) => party).filter(({ address }) => !named.has(address));
  const blindSeed = bcc.length === 0 ? null : engine.randomBytes(BLIND_SEED_BYTES);
  const facts = {
    from: sender.identity.party,
    dateSeconds,
    attachments: await Promise.all(attachments.map(async (entry) => attachmentHash(engine, entry))),
  };
  const summary = summaryOf(facts, await rowWords(request, mime));
  const statement: MessageStatement = {
    kind: 'latchkey/message/v1',
    id,
    item: key.item,
    to: request.to.map(({ party }) => party),
    cc: request.cc.map(({ party }) => party),
    blind: blindSeed === null ? engine.randomBytes(32) : (await blindTreeOf(engine, { blindSeed, bcc })).root,
    inReplyTo: request.inReplyTo?.hash ?? null,
    body: await engine.sha256(mime),
    checkpoint: checkpoint === null ? null : await engine.sha256(utf8.decode(checkpoint)),
    summary: await engine.sha256(utf8.decode(formatSummary(summary))),
    ...facts,
  };
  const signed = await signReadable('latchkey/message/v1', statement, [
    identitySigner(sender.identity.statement, sender.signer),
  ]);
  const keyList = attachments.length === 0 ? null : { key: await newItemKey(engine), attachments };
  return itemsOf(host, { note: signed.text, checkpoint, mime, key, blindSeed, bcc, keyList }, { signed, summary });
}

/** The same message again, after a crash. */
export async function resumeMessage(host: MessageHost, written: WrittenMessage): Promise<SealedMessage> {
  const signed = parseSigned('latchkey/message/v1', written.note);
  return itemsOf(host, written, { signed, summary: summaryOf(signed.statement, await parseMessage(written.mime)) });
}

function itemsOf(
  host: MessageHost,
  written: WrittenMessage,
  { signed, summary }: { readonly signed: UnverifiedStatement<MessageStatement>; readonly summary: Summary },
): SealedMessage {
  const { note, checkpoint, mime, key, keyList } = written;
  return {
    written,
    statement: signed.statement,
    hash: statementTextHash(signed.note.text),
    summary,
    message: sealedItem(host, key, formatEnvelope({ note, checkpoint, mime }, signed)),
    keyList: keyList === null ? null : sealedItem(host, keyList.key, encodeKeyList(keyList.attachments)),
  };
}

/**
 * Subject and text as readers find them. What is text alone is not read again to know them (`textAsRead`): that would
 * take as long as all other steps of a short message but its signature.
 */
async function rowWords(
  { subject, text, html, inline }: MessageRequest,
  mime: Uint8Array,
): Promise<Pick<ParsedMessage, 'subject' | 'text'>> {
  return html === undefined && inline === undefined ? { subject, text: textAsRead(text) } : parseMessage(mime);
}

function mimeOf(request: MessageRequest, id: Uint8Array): Uint8Array {
  const { sender, to, cc, subject, text, html, inline, dateSeconds, inReplyTo } = request;
  const { address } = sender.identity.party;
  const mailbox = ({ party }: VerifiedIdentity): { address: string } => ({ address: party.address });
  const messageId = inReplyTo?.messageId ?? null;
  try {
    return composeMessage({
      from: { address },
      to: to.map(mailbox),
      cc: cc.map(mailbox),
      subject,
      text,
      ...(html === undefined ? {} : { html }),
      ...(inline === undefined ? {} : { inline }),
      dateSeconds,
      messageId: `<${base16.encode(id).toLowerCase()}@${address.slice(address.indexOf('@') + 1)}>`,
      ...(messageId === null ? {} : { inReplyTo: messageId }),
      references: [...(inReplyTo?.references ?? []), ...(messageId === null ? [] : [messageId])].slice(-MAX_REFERENCES),
    });
  } catch (cause) {
    if (cause instanceof MimeError && cause.code === 'message_too_large') {
      throw new SdkError('message_too_large', 'the message is too large', { cause });
    }
    throw cause;
  }
}
