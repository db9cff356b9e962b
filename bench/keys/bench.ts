/** What every measurement of this folder works with. */
export interface Bench {
  readonly rounds: number;
  /** For files; gone afterwards. */
  readonly folder: string;
  readonly say: (line: string) => void;
}
