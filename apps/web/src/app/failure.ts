/** What went wrong, in words that a person can act on. */
import { text } from '../messages/text.ts';
import { WorkerError, type Failure } from '../worker/contract.ts';

/** Codes that say the same to a person as another one does. */
const SAME_AS: Readonly<Record<string, keyof typeof text.errors>> = {
  account_closed: 'profile_locked',
  session_expired: 'session_gone',
  session_unknown: 'session_gone',
  unauthorized: 'session_gone',
  busy: 'rate_limited',
  address_invalid: 'address_malformed',
  quota_exceeded: 'quota_full',
  origin_malformed: 'server_differs',
  vault_shut: 'kit_wrong',
  kit_checksum: 'kit_malformed',
};

export interface Explained {
  readonly words: string;
  /** For support, where we have no words of our own. */
  readonly code: string | null;
}

export function explain(error: unknown): Explained {
  const failure = failureOf(error);
  if (failure === null) return { words: text.errors.unknown, code: error instanceof Error ? error.name : null };
  for (const code of [failure.wire, failure.code]) {
    const words = code === null ? null : wordsFor(code);
    if (words !== null) return { words, code: failure.code === 'server_refused' ? failure.wire : null };
  }
  return { words: text.errors.unknown, code: failure.wire ?? failure.code };
}

export function failureOf(error: unknown): Failure | null {
  return error instanceof WorkerError ? error.failure : null;
}

/** @returns null where the person stopped it, or nothing happened that wants words */
export function codeOf(error: unknown): string | null {
  return failureOf(error)?.code ?? null;
}

function wordsFor(code: string): string | null {
  const words = text.errors[SAME_AS[code] ?? (code as keyof typeof text.errors)];
  return typeof words === 'string' ? words : null;
}
