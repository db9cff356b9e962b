/** Times are kept no finer than what a table says: hours or days since 1970-01-01. */
export function hourOf(ms: number): number {
  return Math.floor(ms / 3_600_000);
}

export function dayOf(ms: number): number {
  return Math.floor(ms / 86_400_000);
}
