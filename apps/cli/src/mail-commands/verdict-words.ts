import type { MessageRow } from '@latchkey/sdk/mail';
import { formatDay } from '../terminal/format-time.ts';
import { printable } from '../terminal/printable.ts';

/** How the sender's keys were known when the message came; null where they were not. */
export function knownWords({ verdict: { known, signature } }: MessageRow): string | null {
  if (known === null || signature !== 'valid') return null;
  const { trust, witnesses, sinceSeconds, verifiedSeconds } = known;
  const by = trust === 'witnessed' && witnesses.length > 0 ? `, signed by ${witnesses.map(printable).join(', ')}` : '';
  const since = sinceSeconds === null ? '' : `; known since ${dayOf(sinceSeconds)}`;
  const compared = verifiedSeconds === null ? '' : `; compared by you on ${dayOf(verifiedSeconds)}`;
  return `${trustLine[trust]}${by}${since}${compared}`;
}

const trustLine: Readonly<Record<NonNullable<MessageRow['verdict']['known']>['trust'], string>> = {
  first_use: 'seen for the first time: nobody but the operator vouched for them; compare the words',
  pinned: 'as before',
  proved: 'as before, and proved by the key log; no outside witness',
  witnessed: 'proved by the key log',
  own: 'your own',
};

function dayOf(seconds: number): string {
  return formatDay(Math.floor(seconds / 86_400));
}

/** What a person should know about a message before they believe it; empty where all is well. */
export function verdictWords({ verdict, summary, missingBefore }: MessageRow): readonly string[] {
  const { from } = summary;
  const words: string[] = [];
  if (verdict.signature === 'invalid') words.push('NOT SIGNED as it should be: do not believe who it says it is from');
  if (verdict.signature === 'unknown_sender') words.push('unverified: the sender is not known at this server');
  if (verdict.signature === 'sender_changed') {
    words.push(`unverified: signed with other keys than those known for ${from}; ask them by another way`);
  }
  if (verdict.addressed === 'passed_on') {
    words.push(`passed on by somebody: ${from} did not write this to you`);
  }
  if (verdict.addressed === 'wrong_key') {
    words.push(`EVIDENCE: ${from} was shown another key as yours; tell them by another way, and keep this message`);
  }
  if (verdict.retiredKey) {
    words.push(`signed with a retired key: ${from} has newer ones, and whoever has the old one can sign so`);
  }
  if (verdict.late) words.push('held back or late');
  if (verdict.inconsistent) words.push('inconsistent: what lists show of it is not what it says');
  if (verdict.logView === 'contradicts') {
    words.push(
      `EVIDENCE: this server shows ${from} another key log than you, under one signature; tell them by another way, believe no new keys of anybody, and see 'latchkey keys evidence'`,
    );
  }
  if (verdict.logView === 'inconsistent') {
    words.push('the sender saw the key log otherwise than it is shown here; it may be their slip, and proves nothing');
  }
  if (missingBefore > 0) {
    words.push(
      `${missingBefore} ${missingBefore === 1 ? 'message' : 'messages'} from ${from} before this ${missingBefore === 1 ? 'is' : 'are'} missing`,
    );
  }
  return words;
}
