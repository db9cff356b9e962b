/** The short word about a message's verdict, for rows and heads: the most serious thing first. */
import { text } from '../../messages/text.ts';
import type { MessageRow } from '../../worker/contract.ts';

export type Tone = 'good' | 'plain' | 'care' | 'danger';

export interface VerdictMark {
  readonly tone: Tone;
  readonly words: string;
}

export function verdictMark(row: MessageRow): VerdictMark {
  const words = text.trust.short;
  const { verdict } = row;
  if (row.problem !== null) return { tone: 'danger', words: words.problem };
  if (verdict.signature === 'invalid') return { tone: 'danger', words: words.invalid };
  if (verdict.addressed === 'wrong_key') return { tone: 'danger', words: words.wrongKey };
  if (verdict.signature === 'sender_changed') return { tone: 'danger', words: words.changed };
  if (verdict.logView === 'contradicts') return { tone: 'danger', words: words.logContradicts };
  if (verdict.retiredKey) return { tone: 'danger', words: words.retired };
  if (verdict.signature === 'unknown_sender') return { tone: 'care', words: words.unknown };
  if (verdict.addressed === 'passed_on') return { tone: 'care', words: words.passedOn };
  if (verdict.inconsistent) return { tone: 'care', words: words.inconsistent };
  if (verdict.logView === 'inconsistent') return { tone: 'care', words: words.logInconsistent };
  if (verdict.late) return { tone: 'care', words: words.late };
  if (verdict.addressed === 'own_copy') return { tone: 'plain', words: words.own };
  return knownMark(verdict.known);
}

/** Green is for what nobody in this server's reach can feign: other witnesses, or the owner's own ears. */
function knownMark(known: MessageRow['verdict']['known']): VerdictMark {
  const words = text.trust.short;
  if (known === null) return { tone: 'plain', words: words.signed };
  if (known.verifiedSeconds !== null) return { tone: 'good', words: words.human };
  if (known.trust === 'witnessed') return { tone: 'good', words: words.witnessed };
  return { tone: 'plain', words: known.trust === 'first_use' ? words.firstUse : words.known };
}
