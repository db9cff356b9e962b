import type { CachedLog } from '../ports.ts';
import { EMPTY_TREE, isTreePlace } from './log-tree.ts';
import type { SpaceContext } from './space-context.ts';

/** Where the cache stands. A cache that cannot be right is thrown away: everything in it is fetched again. */
export async function keptLog({ host, space }: Pick<SpaceContext, 'host' | 'space'>): Promise<CachedLog> {
  const kept = await host.cache.log(space);
  if (kept !== null && isTreePlace(kept)) return kept;
  if (kept !== null) await host.cache.forget(space);
  return { ...EMPTY_TREE, awaited: 0 };
}
