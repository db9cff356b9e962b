/** What an attack ended in, as README.md says it. */
import assert from 'node:assert/strict';
import type { MessageRow } from '../../packages/sdk/src/mail/index.ts';

/** The code of the error in which this must end. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  let result: unknown;
  try {
    result = await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
  return assert.fail(`nothing was refused: ${JSON.stringify(result)?.slice(0, 200)}`);
}

/** All that a row warns of. A row without a warning must count as verified, and one with any must not. */
export function warnings({ verdict, verified, problem, missingBefore }: MessageRow): string[] {
  const { signature, addressed, retiredKey, late, inconsistent, logView } = verdict;
  const told: string[] = [];
  if (problem !== null) told.push(problem);
  else if (signature !== 'valid') told.push(signature);
  if (problem === null && (addressed === 'passed_on' || addressed === 'wrong_key')) told.push(addressed);
  if (retiredKey) told.push('retiredKey');
  if (late) told.push('late');
  if (inconsistent) told.push('inconsistent');
  if (logView === 'inconsistent') told.push('otherHead');
  if (logView === 'contradicts') told.push('twoLogs');
  assert.equal(verified, told.length === 0, `verified: ${verified}, and ${told.join()}`);
  if (missingBefore > 0) told.push('missingBefore');
  return told;
}
