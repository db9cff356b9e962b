import type { WireErrorCode } from '@latchkey/protocol/wire';

/** A request that is refused for a reason its client may know. Thrown anywhere, mapped to the wire in one place. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: WireErrorCode;
  readonly retryAfterSeconds: number | null;

  constructor(code: WireErrorCode, retryAfterSeconds: number | null = null) {
    super(code);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
