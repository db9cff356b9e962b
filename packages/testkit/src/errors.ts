/** Every way in which the drivers of this room fail. The codes are stable; messages are for people. */
export type TestkitErrorCode = 'browser_missing' | 'bundle_failed' | 'page_failed' | 'page_timeout';

export class TestkitError extends Error {
  override readonly name = 'TestkitError';
  readonly code: TestkitErrorCode;

  constructor(code: TestkitErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
