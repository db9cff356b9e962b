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
  if (verdict.retiredKey) return { tone: 'danger', words: words.retired };
  if (verdict.signature === 'unknown_sender') return { tone: 'care', words: words.unknown };
  if (verdict.addressed === 'passed_on') return { tone: 'care', words: words.passedOn };
  if (verdict.inconsistent) return { tone: 'care', words: words.inconsistent };
  if (verdict.late) return { tone: 'care', words: words.late };
  if (verdict.addressed === 'own_copy') return { tone: 'plain', words: words.own };
  return { tone: 'good', words: words.verified };
}
