/** Sending, receiving and keeping mail (door `@latchkey/sdk/mail`). */
import type { CanonicalAddress } from '@latchkey/protocol';
import type { ByteSink, ByteSource, StopSignal } from '../ports.ts';
import type { MessageVerdict, Summary } from '../message/types.ts';

export interface DraftAttachment {
  readonly name: string;
  /** Media type; guessed from the name by the caller, `application/octet-stream` where unknown. */
  readonly type: string;
  /** Must give the same bytes again: it is read twice, and again after a cut. */
  readonly source: ByteSource;
  /** Changes when the file does (size, times, inode): a changed file is never sealed under the old key. */
  readonly identity: string;
}

export interface Draft {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** The same with formatting. The text stands beside it, and is what lists, searches and terminals show. */
  readonly html?: string;
  readonly attachments: readonly DraftAttachment[];
  /** Record id of the message that this answers: 32 hex digits, or its beginning. */
  readonly replyTo?: string;
  /** Record id of a message that goes along, re-encrypted, with its attachments. */
  readonly forward?: string;
}

export interface TransferProgress {
  readonly step: 'resolving' | 'sealing' | 'uploading' | 'delivering' | 'filing' | 'downloading';
  readonly doneBytes: number;
  readonly totalBytes: number | null;
}

export interface TransferOptions {
  readonly onProgress?: (progress: TransferProgress) => void;
  readonly signal?: StopSignal;
}

export type RecipientOutcome = 'delivered' | 'unknown' | 'full' | 'gone' | 'later' | 'changed';

export interface SendOptions extends TransferOptions {
  /** Leave out recipients who cannot be written to instead of stopping. */
  readonly skipRefused?: boolean;
}

export interface Sent {
  /** Record id of the own copy, 32 hex digits. */
  readonly id: string;
  readonly recipients: readonly {
    readonly address: CanonicalAddress;
    readonly outcome: RecipientOutcome;
    /** Pinned by this very message. */
    readonly firstUse: boolean;
  }[];
}

export type Folder = 'inbox' | 'sent' | 'archive' | 'trash';

/**
 * What its owner has to do with whoever signed a message: `own` copies; `known` were written to, compared or accepted;
 * `unknown` is everybody else, and whatever is not signed as it should be.
 */
export type SenderStanding = 'own' | 'known' | 'unknown' | 'declined';

/** One row of a list. */
export interface MessageRow {
  /** Record id, 32 hex digits; commands take a beginning that is unique. */
  readonly id: string;
  readonly folder: Folder;
  /** In the inbox alone: `unknown` lies among the requests, `declined` where nobody looks. */
  readonly sender: SenderStanding;
  readonly summary: Summary;
  readonly to: readonly CanonicalAddress[];
  readonly verdict: MessageVerdict;
  /** Signature valid and nothing of the verdict to warn about. */
  readonly verified: boolean;
  readonly unread: boolean;
  readonly starred: boolean;
  /** Messages of this sender that never arrived, as its counter shows. */
  readonly missingBefore: number;
  /** What lists sort by: the date, kept within a day before the arrival hour and an hour after. */
  readonly sortSeconds: number;
  /** Why nothing of it can be shown: then summary.from and subject are empty texts. Null for every other row. */
  readonly problem: MessageProblem | null;
}

export type MessageProblem =
  /** Sealed to none of the own identities. */
  | 'not_for_me'
  /** It does not open, or contradicts itself. */
  | 'damaged'
  /** Filed by a newer version of Latchkey. */
  | 'newer';

export interface MessageAttachment {
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
}

export interface InlineImage {
  /** Without angle brackets. */
  readonly contentId: string;
  /** As the sender says: `image/` and something. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A whole message, every byte checked. */
export interface ReadMessage {
  readonly row: MessageRow;
  readonly subject: string;
  readonly from: CanonicalAddress;
  readonly to: readonly CanonicalAddress[];
  readonly cc: readonly CanonicalAddress[];
  /** Of one's own copies alone. */
  readonly bcc: readonly CanonicalAddress[];
  readonly dateSeconds: number;
  readonly text: string;
  /** As its sender wrote it: whoever shows it has to clean it. */
  readonly html: string | null;
  /** What the HTML shows by `cid:`. */
  readonly inline: readonly InlineImage[];
  readonly attachments: readonly MessageAttachment[];
  /** The original MIME bytes. */
  readonly mime: Uint8Array;
}

export interface Mark {
  readonly read?: boolean;
  readonly starred?: boolean;
  /** `inbox`: back where it came to lie; own copies lie among the sent ones. */
  readonly folder?: 'inbox' | 'archive' | 'trash';
}

/** Opens the sink for one attachment; null leaves it out. */
export type SinkFor = (attachment: MessageAttachment, index: number) => Promise<ByteSink | null>;
