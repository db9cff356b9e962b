import type { MessageRow } from '@latchkey/sdk/mail';

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
  if (verdict.retiredKey) words.push('signed with a retired key');
  if (verdict.late) words.push('held back or late');
  if (verdict.inconsistent) words.push('inconsistent: what lists show of it is not what it says');
  if (missingBefore > 0) {
    words.push(
      `${missingBefore} ${missingBefore === 1 ? 'message' : 'messages'} from ${from} before this ${missingBefore === 1 ? 'is' : 'are'} missing`,
    );
  }
  return words;
}
