import type { NodeClientHost } from '../../packages/host-node/src/index.ts';

/** What every measurement of this folder works with. */
export interface Bench {
  readonly host: NodeClientHost;
  readonly pairs: number;
  /** For files; gone afterwards. */
  readonly folder: string;
  readonly say: (line: string) => void;
}
