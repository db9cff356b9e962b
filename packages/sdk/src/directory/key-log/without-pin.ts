/**
 * A finding that rests on what this account had pinned says to others only that the account says so. The same from the
 * whole history rests on the log alone (docs/spec/14-proving-directory.md, "Evidence").
 */
import type { Directory as KeyDirectory } from '@latchkey/key-directory/verify';
import { SdkError } from '../../errors.ts';
import { askLog } from './ask-log.ts';
import { PROVABLE, type Finding } from './evidence.ts';
import { judgeAnswer } from './judge-answer.ts';
import { lookTimes } from './outside-witnesses.ts';
import type { ProvingParts } from './proving-parts.ts';

/** The finding as it was, where the server does not show the whole history, or where that says something else. */
export async function withoutPin(parts: ProvingParts, directory: KeyDirectory, finding: Finding): Promise<Finding> {
  const { address, previous, rule, reason, seenSeconds: nowSeconds } = finding;
  if (rule !== 4 || !PROVABLE.has(reason)) return finding;
  try {
    const wanted = [{ address, known: null }];
    const { outside, answers } = await askLog(parts, { directory, previous, wanted, nowSeconds });
    const [answered] = answers;
    if (answered === undefined) return finding;
    const times = lookTimes(outside.seconds, nowSeconds);
    const judged = await judgeAnswer(parts.engine, { address, pin: null, answered, times });
    if (judged.taken || judged.rule !== rule || judged.reason !== reason) return finding;
    return { ...finding, pinned: null, raw: answered.raw };
  } catch (error) {
    // Whoever is caught may well fall silent: what was caught stays.
    if (error instanceof SdkError) return finding;
    throw error;
  }
}
