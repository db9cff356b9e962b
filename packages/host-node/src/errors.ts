/** Every way in which files, pipes and threads fail here. The codes are stable; messages are for people. */
export type HostErrorCode =
  | 'file_not_found'
  | 'file_not_readable'
  | 'file_not_writable'
  | 'file_is_directory'
  /** Its size is no safe integer (2^53 and more): sparse, for no disk holds as much. */
  | 'file_too_large'
  /** There is a file under the name of the output, and replacing it was not asked for. */
  | 'output_exists'
  | 'output_is_input'
  | 'disk_full'
  /** Whoever read our output has gone. */
  | 'pipe_closed'
  /** The source was written to, or cut, while it was read. */
  | 'source_changed'
  /** The profile folder, or a file in it, belongs to somebody else, is open to others, or is no plain folder or file. */
  | 'profile_unsafe'
  /** Another process has been writing to the profile for too long. */
  | 'profile_busy'
  /** A thread of this machine ended while it was at work. */
  | 'thread_failed'
  | 'io_failed';

/** A system error stands in `cause`. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: HostErrorCode;

  constructor(code: HostErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
