/** What stands in the cache cannot have been written by us. Never leaves this folder. */
export class DamagedCacheError extends Error {
  override readonly name = 'DamagedCacheError';
}
