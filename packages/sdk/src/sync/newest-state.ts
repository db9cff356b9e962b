import type { KnownHead } from './marks.ts';
import type { NewestState } from './types.ts';

/** The head that speaks of the most; null in a space that nobody has written to. */
export function newestStateOf(heads: readonly KnownHead[]): NewestState | null {
  let newest: KnownHead | null = null;
  for (const head of heads) {
    if (newest === null || head.size > newest.size || (head.size === newest.size && head.hour > newest.hour))
      newest = head;
  }
  return newest === null ? null : { device: newest.device, size: newest.size, hour: newest.hour };
}
