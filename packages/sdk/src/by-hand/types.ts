/** Requests and answers of sealing and opening files by hand. */
import type { ByteSink, ByteSource, StopSignal } from './ports.ts';

/** How a file can be opened, as its header shows it without any key. */
export type ReaderKind = 'mlkem768x25519' | 'x25519' | 'scrypt' | 'unknown';

export interface Progress {
  /** Plaintext bytes done. */
  readonly doneBytes: number;
  /** Null where the source is a pipe. */
  readonly totalBytes: number | null;
}

export interface SealRequest {
  readonly source: ByteSource;
  /** Committed when everything was written, discarded on every other way out. */
  readonly sink: ByteSink;
  /** `age1pq1…` or `age1…`; all of one kind (the floor rule). Empty or absent with a passphrase. */
  readonly recipients?: readonly string[];
  /** A passphrase stands alone: no recipients beside it. */
  readonly passphrase?: string;
  readonly armor?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: StopSignal;
}

export interface Sealed {
  readonly plaintextBytes: number;
  readonly sealedBytes: number;
  readonly readers: readonly ReaderKind[];
}

export interface OpenRequest {
  readonly source: ByteSource;
  /** Committed only when every chunk opened and the last one was final; discarded on every other way out. */
  readonly sink: ByteSink;
  /** `AGE-SECRET-KEY-PQ-1…` or `AGE-SECRET-KEY-1…`, as `parseIdentityFile` gives them. */
  readonly identities?: readonly string[];
  /** Asked only where the file needs a passphrase. Null: none is to be had. */
  readonly passphrase?: () => Promise<string | null>;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: StopSignal;
}

export type OpenOutcome =
  | { readonly outcome: 'opened'; readonly plaintextBytes: number; readonly armored: boolean }
  /** None of the given identities fits, or a passphrase is needed and was not given. Nothing was written. */
  | { readonly outcome: 'not_for_me'; readonly readers: readonly ReaderKind[] };

export interface MadeIdentity {
  /** `AGE-SECRET-KEY-PQ-1…` */
  readonly identity: string;
  /** `age1pq1…` */
  readonly recipient: string;
}

export interface ItemFacts {
  readonly armored: boolean;
  /** One per stanza, in the order of the header. Unknown stanza types (age's grease) are 'unknown'. */
  readonly readers: readonly ReaderKind[];
  readonly headerBytes: number;
  /** Nonce and chunks, without armor. */
  readonly payloadBytes: number;
  readonly chunks: number;
  /** As far as the size tells; nothing has been verified. */
  readonly plaintextBytes: number;
  /** Header and payload, without armor. */
  readonly itemBytes: number;
}
