/** Rule 7: what the log shows of oneself is what the own vault holds, statement by statement. */
import type { ShownStatement } from '../history/judge-history.ts';

export type OwnRefusal =
  /** A statement stands under the own address that this account has not made. */
  | 'own_history_foreign'
  /** The log does not have, or not yet, what this account has made. */
  | 'own_history_missing';

/** @param own notes of all versions, oldest first. @returns null where they are the same */
export function differsFromOwn(
  shown: readonly ShownStatement[],
  own: readonly string[],
): { readonly rule: 7; readonly reason: OwnRefusal } | null {
  const isForeign = shown.some(({ note }, version) => note === null || statementOf(note) !== statementOf(own[version]));
  if (isForeign) return { rule: 7, reason: 'own_history_foreign' };
  return shown.length < own.length ? { rule: 7, reason: 'own_history_missing' } : null;
}

/** The text alone: lines of strangers below it change nothing. */
function statementOf(note: string | undefined): string | null {
  if (note === undefined) return null;
  const end = note.lastIndexOf('\n\n');
  return end === -1 ? note : note.slice(0, end);
}
