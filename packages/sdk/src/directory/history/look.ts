import type { ResetEngine } from '../../signing/reset.ts';

/** One look at a history. */
export interface Look {
  readonly engine: ResetEngine;
  /** By which holds end. */
  readonly nowSeconds: number;
  /** By which holds begin; never before `nowSeconds`. */
  readonly seenSeconds: number;
  /** Of the last statement that was known before; -1 where none was. */
  readonly knownVersion: number;
  /** Whether anybody may have been written to before. */
  readonly isKnown: boolean;
}
