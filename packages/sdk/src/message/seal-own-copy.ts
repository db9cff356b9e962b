/** The sender's own copy: whole age files under new keys, so that no blob joins the two ends. */
import type { OwnIdentity } from '../signing/types.ts';
import { formatEnvelope } from './envelope.ts';
import { newItemKey, type MessageHost } from './item-key.ts';
import { encodeKeyList } from './key-list.ts';
import { sealedItem } from './payload.ts';
import { sealHeaderTo, sealToOf } from './seal-arrivals.ts';
import type { SealedMessage } from './seal-message.ts';
import type { AttachmentEntry, ItemKey } from './types.ts';

export interface OwnCopyItem {
  /** `item` belongs into the own record of the copy: the statement names the recipients' item. */
  readonly key: ItemKey;
  readonly header: Uint8Array;
  /** Of header and payload together. */
  readonly fileBytes: number;
  /** An age file. May be called again and gives the same bytes. */
  file(): AsyncIterable<Uint8Array<ArrayBuffer>>;
}

export interface OwnCopy {
  readonly message: OwnCopyItem;
  /** Null without attachments. */
  readonly keyList: OwnCopyItem | null;
}

export interface OwnCopyRequest {
  readonly own: OwnIdentity;
  /** Own copies of the attachments, in their order, each with `stated`. */
  readonly attachments: readonly AttachmentEntry[];
}

export async function sealOwnCopy(host: MessageHost, sealed: SealedMessage, request: OwnCopyRequest): Promise<OwnCopy> {
  const { note, checkpoint, mime } = sealed.written;
  const { own, attachments } = request;
  return {
    message: await ownCopyItem(host, own, formatEnvelope({ note, checkpoint, mime })),
    keyList: attachments.length === 0 ? null : await ownCopyItem(host, own, encodeKeyList(attachments)),
  };
}

async function ownCopyItem(host: MessageHost, own: OwnIdentity, plaintext: Uint8Array): Promise<OwnCopyItem> {
  const key = await newItemKey(host.engine);
  const header = await sealHeaderTo(host.engine, { fileKey: key.fileKey }, sealToOf(own.identity));
  const item = sealedItem(host, key, plaintext);
  return {
    key,
    header,
    fileBytes: header.length + item.payloadBytes,
    async *file() {
      yield header;
      yield* item.payload();
    },
  };
}
