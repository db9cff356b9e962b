/** Messages as bytes and verdicts: no server, no spaces (docs/spec/08-message.md). */
import type { CanonicalAddress, MessageStatement } from '@latchkey/protocol';
import type { LogView } from '../directory/gossip/head-gossip.ts';
import type { Trust } from '../directory/types.ts';
import type { VerifiedIdentity } from '../signing/types.ts';

/** The sealed list row: a pure function of statement and MIME. */
export interface Summary {
  readonly from: CanonicalAddress;
  readonly subject: string;
  /** Since 1970-01-01T00:00:00Z. */
  readonly dateSeconds: number;
  /** The first words of the body. */
  readonly words: string;
  readonly attachments: number;
}

/** An item's secret and what its recipients need besides the payload. */
export interface ItemKey {
  /** 16 bytes. */
  readonly fileKey: Uint8Array;
  /** Payload nonce, 16 bytes. */
  readonly nonce: Uint8Array;
  /** Commitment, 32 bytes. */
  readonly item: Uint8Array;
}

/** What a statement commits to as SHA-256(label ‖ salt ‖ manifest). */
export interface ManifestClaim {
  /** 32 bytes; keeps a left-out attachment from being guessed by its hash. */
  readonly salt: Uint8Array;
  /** The signed manifest (note over `latchkey/file/v1`). */
  readonly manifest: string;
}

/** One attachment, as the key list carries it. */
export interface AttachmentEntry extends ManifestClaim {
  readonly key: ItemKey;
  readonly name: string;
  readonly type: string;
  /** Without padding. */
  readonly sizeBytes: number;
  /** Of the payload as stored. */
  readonly payloadBytes: number;
  /** In one's own copies, whose payloads and manifests are new: what the statement of the message commits to. */
  readonly stated?: ManifestClaim;
}

/** What the statement of a message says about one's own place in it. */
export type Addressed =
  | 'to'
  | 'cc'
  /** Not named, with an opening that proves it. */
  | 'bcc'
  /** Neither: "passed on by somebody". No notification, no filter, no automatic answer. */
  | 'passed_on'
  /** Named, but with another statement than one's own: evidence of a ghost key. */
  | 'wrong_key'
  /** One's own copy of what one sent. */
  | 'own_copy';

/** The verdict on a message's first chunk. Everything that a screen says about trust is in here. */
export interface MessageVerdict {
  /** Both signatures hold, by the version of the sender that the statement names. */
  readonly signature: 'valid' | 'invalid' | 'unknown_sender' | 'sender_changed';
  readonly sender: VerifiedIdentity | null;
  /** The version that signed is neither the newest nor superseded less than seven days ago. */
  readonly retiredKey: boolean;
  /** The date is more than 48 hours before the delivery hour, or after it by more than one. */
  readonly late: boolean;
  readonly addressed: Addressed;
  /** The delivery part's summary is not the one that follows from statement and MIME, or MIME contradicts the statement. */
  readonly inconsistent: boolean;
  /** The key log as the sender saw it, against the one that is shown here. */
  readonly logView: LogView;
  /** How the sender's keys were known when the message arrived; null where they were not, and of own copies. */
  readonly known: SenderKnown | null;
}

export interface SenderKnown {
  readonly trust: Trust;
  /** Names of those outside the operator's domain who had signed the head, at most eight. */
  readonly witnesses: readonly string[];
  /** When the address was first seen; null where that was not noted. */
  readonly sinceSeconds: number | null;
  /** When a person compared the keys; null where nobody has. */
  readonly verifiedSeconds: number | null;
}

export interface OpenedMessage {
  readonly statement: MessageStatement;
  /** The message's identity: hash of the statement's text. */
  readonly hash: Uint8Array;
  /** The signed note, byte for byte. */
  readonly note: string;
  /** The original MIME bytes. */
  readonly mime: Uint8Array;
  readonly verdict: MessageVerdict;
}
