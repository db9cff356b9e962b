/** Every way in which files, pipes and threads fail here. The system's own code stands in `cause`. */
export type HostErrorCode =
  | 'file_not_found'
  | 'file_not_readable'
  | 'file_not_writable'
  | 'file_is_directory'
  | 'output_exists'
  | 'output_is_input'
  | 'disk_full'
  | 'pipe_closed'
  | 'source_changed'
  | 'worker_failed'
  | 'io_failed';

export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: HostErrorCode;

  constructor(code: HostErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
