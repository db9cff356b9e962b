import type { RecipientKind } from '@latchkey/crypto';
import type { ReaderKind } from './types.ts';

/** The kind as answers of this room write it. Null: a stanza that crypto does not know. */
export function readerKindOf(kind: RecipientKind | null): ReaderKind {
  if (kind === null) return 'unknown';
  return kind === 'X25519' ? 'x25519' : kind;
}
