import type { Mutant, Outcome } from './mutant.ts';
import type { MutateResult, TargetResult } from './mutate-targets.ts';

export interface Score {
  readonly name: string;
  readonly mutants: number;
  readonly noticed: number;
  readonly reviewed: number;
}

/** One score for each target. */
export function scoresOf(result: MutateResult): readonly Score[] {
  return result.targets.map(scoreOf);
}

export function scoreOf({ target, outcomes, reviewed }: TargetResult): Score {
  return {
    name: target.name,
    mutants: outcomes.length,
    noticed: outcomes.filter(({ verdict }) => verdict !== 'survived').length,
    reviewed: reviewed.length,
  };
}

/** What keeps the run from passing: the errors, and every target below the floor. */
export function failuresOf(result: MutateResult, floorPercent: number): readonly string[] {
  const low = scoresOf(result)
    .filter(({ mutants, noticed }) => noticed * 100 < mutants * floorPercent)
    .map((score) => `target ${score.name}: ${percent(score)} is below the floor of ${floorPercent} %`);
  const nothing = result.targets.length === 0 && result.errors.length === 0 ? ['no mutant was run'] : [];
  return [...result.errors, ...low, ...nothing];
}

export function formatMutant({ file, line, mutator, was, now, lineText }: Mutant): string {
  return `${file}:${line} ${mutator}: ${oneLine(was)} → ${oneLine(now)}\n    ${lineText}`;
}

export function formatReport(result: MutateResult, floorPercent: number): string {
  const survivors = result.targets.flatMap(({ outcomes }) => outcomes.filter(({ verdict }) => verdict === 'survived'));
  const parts: string[] = [];
  if (survivors.length > 0) parts.push(`Survived:\n${survivors.map(({ mutant }) => formatMutant(mutant)).join('\n')}`);
  parts.push(result.targets.flatMap(({ outcomes }) => fileLines(outcomes)).join('\n'));
  parts.push(scoresOf(result).map(formatScore).join('\n'));
  const failures = failuresOf(result, floorPercent);
  parts.push(failures.length === 0 ? `All targets reach ${floorPercent} %.` : `Failed:\n${failures.join('\n')}`);
  return parts.filter((part) => part !== '').join('\n\n');
}

function fileLines(outcomes: readonly Outcome[]): readonly string[] {
  const files = Map.groupBy(outcomes, ({ mutant }) => mutant.file);
  return [...files].map(([file, mine]) => {
    const noticed = mine.filter(({ verdict }) => verdict !== 'survived').length;
    return `  ${file}: ${noticed} of ${mine.length}`;
  });
}

export function formatScore(score: Score): string {
  const aside = score.reviewed === 0 ? '' : `, ${score.reviewed} reviewed as equal`;
  return `${score.name}: ${score.noticed} of ${score.mutants} mutants noticed (${percent(score)})${aside}`;
}

function percent({ mutants, noticed }: Score): string {
  return mutants === 0 ? 'none' : `${(Math.floor((noticed / mutants) * 1000) / 10).toFixed(1)} %`;
}

function oneLine(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  return flat.length > 80 ? `${flat.slice(0, 77)}…` : flat;
}
