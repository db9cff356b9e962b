import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestTarget } from './digest-target.ts';
import { findMutants } from './find-mutants.ts';
import { verdictKey, type KeptVerdicts } from './kept-verdicts.ts';
import type { Mutant, Outcome } from './mutant.ts';
import { reviewOf, type Reviewed } from './reviewed.ts';
import { runBaseline, runMutant } from './run-tests.ts';
import { filesOfTarget, type Target, type TargetFile } from './targets.ts';

export interface MutateOptions {
  readonly root: string;
  readonly targets: readonly Target[];
  readonly reviewed: readonly Reviewed[];
  readonly jobs: number;
  /** Only files whose path contains this text. */
  readonly filePart?: string;
  readonly kept: KeptVerdicts;
  readonly onOutcome?: (outcome: Outcome) => void;
  readonly onTarget?: (result: TargetResult) => void;
}

export interface TargetResult {
  readonly target: Target;
  readonly files: readonly string[];
  /** Without the reviewed ones. */
  readonly outcomes: readonly Outcome[];
  readonly reviewed: readonly Outcome[];
  /** How many of them were known from a run before, over the same files. */
  readonly keptCount: number;
}

export interface MutateResult {
  readonly targets: readonly TargetResult[];
  /** Why the run is worth nothing or a list is wrong; the exit code is 1 where there is one. */
  readonly errors: readonly string[];
}

interface Work {
  readonly at: TargetFile;
  readonly mutants: readonly Mutant[];
}

/** The mutants of each file with the tests that have to notice them. */
export function listWork({
  root,
  targets,
  filePart,
}: Pick<MutateOptions, 'root' | 'targets' | 'filePart'>): readonly Work[] {
  return targets
    .flatMap((target) => filesOfTarget(root, target))
    .filter(({ file }) => filePart === undefined || file.includes(filePart))
    .map((at) => ({ at, mutants: findMutants(at.file, readFileSync(join(root, at.file), 'utf8')) }));
}

/** Runs every mutant of the targets against its tests. */
export async function mutateTargets(options: MutateOptions): Promise<MutateResult> {
  const work = listWork(options);
  const results: TargetResult[] = [];
  const errors: string[] = [];
  const used = new Set<Reviewed>();
  for (const target of options.targets) {
    const ours = work.filter(({ at }) => at.target === target);
    if (ours.every(({ mutants }) => mutants.length === 0)) continue;
    try {
      const result = await mutateTarget({ target, work: ours, used, options });
      results.push(result);
      options.onTarget?.(result);
    } catch (cause) {
      errors.push(`target ${target.name}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  const looked = new Set(work.map(({ at }) => at.file));
  for (const entry of options.reviewed) {
    if (looked.has(entry.file) && !used.has(entry)) {
      errors.push(`reviewed list: no such mutant any more: ${entry.file}: ${entry.line} (${entry.was} → ${entry.now})`);
    }
  }
  for (const { reviewed } of results) {
    for (const { mutant, verdict } of reviewed) {
      if (verdict === 'survived') continue;
      errors.push(
        `reviewed list: noticed after all: ${mutant.file}: ${mutant.lineText} (${mutant.was} → ${mutant.now})`,
      );
    }
  }
  return { targets: results, errors };
}

async function mutateTarget(given: {
  readonly target: Target;
  readonly work: readonly Work[];
  readonly used: Set<Reviewed>;
  readonly options: MutateOptions;
}): Promise<TargetResult> {
  const { target, work, used, options } = given;
  const { root, reviewed, jobs, kept, onOutcome } = options;
  const tests = work[0]?.at.rounds.flat() ?? [];
  const digest = digestTarget(root, target);
  const queue = work.flatMap(({ at, mutants }) =>
    mutants.map((mutant) => ({ at, mutant, mutants, key: verdictKey(digest, mutant) })),
  );
  const keptCount = queue.filter(({ key }) => kept.find(key) !== null).length;
  // Also where every verdict is known: tests that fail by themselves would make all of them worth nothing.
  const baselineMs = await runBaseline({ root, tests, timeoutMs: 120_000 });
  // Wide enough for a busy machine: a mutant that is only slow must not count as noticed.
  const timeoutMs = 5_000 + 5 * baselineMs;

  const outcomes: Outcome[] = [];
  const equal: Outcome[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let job = queue[next++]; job !== undefined; job = queue[next++]) {
      const { at, mutant, mutants, key } = job;
      const entry = reviewOf(mutant, mutants, reviewed);
      if (entry !== null) used.add(entry);
      let known = kept.find(key);
      if (known === null) {
        known = await runMutant({ root, rounds: at.rounds, timeoutMs, mutant });
        kept.add(key, known);
      }
      const outcome = { mutant, ...known };
      (entry === null ? outcomes : equal).push(outcome);
      if (entry === null) onOutcome?.(outcome);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return {
    target,
    files: work.map(({ at }) => at.file),
    outcomes: outcomes.toSorted(inOrder),
    reviewed: equal.toSorted(inOrder),
    keptCount,
  };
}

function inOrder(a: Outcome, b: Outcome): number {
  return a.mutant.file.localeCompare(b.mutant.file) || a.mutant.start - b.mutant.start;
}
