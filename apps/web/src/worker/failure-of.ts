import { RefusedError } from '@latchkey/sdk/client';
import { RecipientsRefusedError } from '@latchkey/sdk/mail';
import type { Failure } from './contract.ts';

/** A code without the message: messages are for logs, and there is none here. */
export function failureOf(error: unknown): Failure {
  return {
    code: codeOf(error),
    wire: error instanceof RefusedError ? error.wire : null,
    retryAfterSeconds: error instanceof RefusedError ? error.retryAfterSeconds : null,
    recipients: error instanceof RecipientsRefusedError ? error.recipients : [],
  };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return 'unexpected';
  return error.code;
}
