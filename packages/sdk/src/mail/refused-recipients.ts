import type { CanonicalAddress } from '@latchkey/protocol';
import type { ChangedReason } from '../directory/types.ts';
import { SdkError } from '../errors.ts';
import type { RecipientOutcome } from './types.ts';

export interface RefusedRecipient {
  readonly address: CanonicalAddress;
  readonly outcome: Exclude<RecipientOutcome, 'delivered'>;
  /** Why the directory does not believe the server, where that is the reason: stable. */
  readonly reason?: ChangedReason;
}

/** Nothing was sent; each recipient who stands in the way is named. */
export class RecipientsRefusedError extends SdkError {
  readonly recipients: readonly RefusedRecipient[];

  constructor(recipients: readonly RefusedRecipient[]) {
    super('recipients_refused', 'some recipients cannot be written to; nothing was sent');
    this.recipients = recipients;
  }
}
