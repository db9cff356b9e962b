import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutant.ts';
import { isRecord } from './is-record.ts';

/** A mutant that a person found to change nothing that can be observed. Named by source text, never by line number. */
export interface Reviewed {
  readonly file: string;
  /** The whole source line, without the blanks around it. */
  readonly line: string;
  readonly was: string;
  readonly now: string;
  /** Where the line has several places with this fault: which one, from 1. All of them where it is missing. */
  readonly nth?: number;
  readonly reason: string;
}

/** @throws Error where the list has another shape. */
export function readReviewed(root: string, list: string): readonly Reviewed[] {
  if (!existsSync(join(root, list))) return [];
  const rows: unknown = JSON.parse(readFileSync(join(root, list), 'utf8'));
  if (!Array.isArray(rows)) throw new Error(`${list}: a list is expected`);
  return rows.map((row: unknown, index) => parseReviewed(row, `${list}, entry ${index}`));
}

function parseReviewed(row: unknown, where: string): Reviewed {
  if (!isRecord(row)) throw new Error(`${where}: an object is expected`);
  const { file, line, was, now, nth, reason, ...rest } = row;
  if (Object.keys(rest).length > 0) throw new Error(`${where}: unknown key ${Object.keys(rest).join(', ')}`);
  if (typeof file !== 'string' || typeof line !== 'string' || typeof was !== 'string' || typeof now !== 'string') {
    throw new Error(`${where}: file, line, was and now are texts`);
  }
  if (typeof reason !== 'string' || reason.length < 20)
    throw new Error(`${where}: a reason of at least 20 characters is needed`);
  if (nth === undefined) return { file, line, was, now, reason };
  if (typeof nth !== 'number' || nth < 1) throw new Error(`${where}: nth counts from 1`);
  return { file, line, was, now, nth, reason };
}

/** The entry that names this mutant; `mutants` are all of its file, in the order of the text. */
export function reviewOf(mutant: Mutant, mutants: readonly Mutant[], reviewed: readonly Reviewed[]): Reviewed | null {
  const twins = mutants.filter(
    (other) => other.line === mutant.line && other.was === mutant.was && other.now === mutant.now,
  );
  const nth = twins.indexOf(mutant) + 1;
  const entry = reviewed.find(
    ({ file, line, was, now, nth: wanted }) =>
      file === mutant.file &&
      line === mutant.lineText &&
      was === mutant.was &&
      now === mutant.now &&
      (wanted === undefined || wanted === nth),
  );
  return entry ?? null;
}
