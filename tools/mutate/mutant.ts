/** One small fault: the text between `start` and `end` (UTF-16 offsets) of one source file is replaced. */
export interface Mutant {
  /** Path from the root of the repository, with forward slashes. */
  readonly file: string;
  readonly mutator: MutatorName;
  readonly start: number;
  readonly end: number;
  readonly was: string;
  readonly now: string;
  /** From 1. */
  readonly line: number;
  /** The whole source line on which the fault begins, without the blanks around it. */
  readonly lineText: string;
}

export type MutatorName =
  | 'negate-condition'
  | 'comparison'
  | 'logical'
  | 'arithmetic'
  | 'number'
  | 'boolean'
  | 'string'
  | 'regex'
  | 'delete-statement';

/** How the tests took a mutant. All but `survived` count as noticed; `overgrown` took more memory than it may. */
export type Verdict = 'killed' | 'timed-out' | 'overgrown' | 'survived';

export interface Outcome {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  readonly durationMs: number;
}
