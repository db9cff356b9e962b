/** Proved leaves as statements to judge. */
import type { VerifiedHistory } from '@latchkey/key-directory/verify';
import { utf8 } from '@scure/base';
import type { ShownStatement } from '../history/judge-history.ts';

/** Those after the known version, oldest first. What is no text is a statement that nobody can read. */
export function shownStatements({ versions }: VerifiedHistory): readonly ShownStatement[] {
  return versions.map(({ version, flag, note }) => ({ version, flag, note: note === null ? null : textOf(note) }));
}

function textOf(note: Uint8Array): string {
  try {
    return utf8.encode(note);
  } catch {
    return '';
  }
}
