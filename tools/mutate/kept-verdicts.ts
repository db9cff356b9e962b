import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRecord } from './is-record.ts';
import type { Mutant, Verdict } from './mutant.ts';

/** What is known of one mutant from an earlier run over the same files. */
export interface KeptVerdict {
  readonly verdict: Verdict;
  readonly durationMs: number;
}

const verdicts: readonly Verdict[] = ['killed', 'timed-out', 'overgrown', 'survived'];

/** The name of a mutant's verdict: `digest` is that of its target (`digest-target.ts`). */
export function verdictKey(digest: string, { file, start, end, now }: Mutant): string {
  return createHash('sha256')
    .update(JSON.stringify([digest, file, start, end, now]))
    .digest('hex');
}

/**
 * Verdicts in a file, a line each, written as they come: a run that is cut short goes on where it was. A line that
 * was cut itself is passed over, and its mutant runs again.
 */
export class KeptVerdicts {
  readonly #path: string;
  readonly #known = new Map<string, KeptVerdict>();

  constructor(path: string, { fresh = false }: { readonly fresh?: boolean } = {}) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    if (fresh) rmSync(path, { force: true });
    if (!existsSync(path)) return;
    const text = readFileSync(path, 'utf8');
    for (const line of text.split('\n')) this.#read(line);
    // What follows must begin on a line of its own.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n');
  }

  #read(line: string): void {
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch {
      return;
    }
    if (!isRecord(row)) return;
    const { key, verdict, durationMs } = row;
    const known = verdicts.find((name) => name === verdict);
    if (typeof key === 'string' && known !== undefined && typeof durationMs === 'number') {
      this.#known.set(key, { verdict: known, durationMs });
    }
  }

  find(key: string): KeptVerdict | null {
    return this.#known.get(key) ?? null;
  }

  add(key: string, kept: KeptVerdict): void {
    this.#known.set(key, kept);
    appendFileSync(this.#path, `${JSON.stringify({ key, ...kept })}\n`);
  }
}
