/** Which rows of a list are drawn; pure. */

/** Rows beyond the edges, so that scrolling shows no gaps. */
const OVERSCAN = 5;

export interface Sight {
  readonly topPx: number;
  readonly heightPx: number;
  readonly rowPx: number;
  readonly count: number;
}

/** @returns the first row to draw, and the one after the last */
export function rowsInSight({ topPx, heightPx, rowPx, count }: Sight): {
  readonly first: number;
  readonly end: number;
} {
  if (heightPx === 0) return { first: 0, end: 0 };
  const end = Math.min(count, Math.ceil((topPx + heightPx) / rowPx) + OVERSCAN);
  return { first: Math.min(end, Math.max(0, Math.floor(topPx / rowPx) - OVERSCAN)), end };
}
