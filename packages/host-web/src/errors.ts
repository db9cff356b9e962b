/** Every way in which storage and threads of a browser fail here. The codes are stable; messages are for people. */
export type HostWebErrorCode =
  /** The browser lets us keep nothing: a private window, or storage that its owner has switched off. */
  | 'storage_refused'
  /** No room is left for this site. */
  | 'storage_full'
  /** Another version of this page holds the storage open. */
  | 'storage_busy'
  /** What lies in the storage was not sealed by this browser. */
  | 'storage_damaged'
  /** A worker of this page ended while it was at work. */
  | 'thread_failed'
  /** The file was changed or taken away since it was chosen. */
  | 'source_changed';

/** The browser's own error stands in `cause`. */
export class HostWebError extends Error {
  override readonly name = 'HostWebError';
  readonly code: HostWebErrorCode;

  constructor(code: HostWebErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
