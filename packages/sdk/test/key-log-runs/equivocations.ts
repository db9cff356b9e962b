/** Every lie about keys that the design names, as strong as its name lets it be: where one check goes, it works. */
import { FALSE_HEADS } from './false-heads.ts';
import { FALSE_HISTORIES } from './false-histories.ts';
import { FALSE_INDEXES } from './false-indexes.ts';
import { FALSE_LOOKUPS } from './false-lookups.ts';
import type { Equivocation } from './lie-parts.ts';

export const EQUIVOCATIONS: readonly Equivocation[] = [
  ...FALSE_HEADS,
  ...FALSE_LOOKUPS,
  ...FALSE_INDEXES,
  ...FALSE_HISTORIES,
];
