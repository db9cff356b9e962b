/** What Chromium wrote down while one scrolled, as work of the page's main thread for each frame. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Of the thread's own time: what other programs take is not in it. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

export interface Frames {
  /** Of the frames in which the page did something for the scrolling, in order. */
  readonly framesMs: readonly number[];
  readonly longestTaskMs: number;
}

/** The main thread is the one that laid rows out most often: there is a process for each site, and one for the browser. */
export function framesOf(events: readonly TraceEvent[]): Frames {
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
  const layouts = new Map<string, number>();
  for (const event of events) {
    if (event.name === 'UpdateLayoutTree' || event.name === 'Layout')
      layouts.set(threadOf(event), (layouts.get(threadOf(event)) ?? 0) + 1);
  }
  const [main] = [...layouts].toSorted(([, one], [, other]) => other - one)[0] ?? [];
  const own = events.filter((event) => threadOf(event) === main).toSorted((one, other) => one.ts - other.ts);
  const framesMs: number[] = [];
  let longestTaskMs = 0;
  let inFrameMs: number | null = null;
  for (const { name, ph, dur = 0, tdur = dur } of own) {
    if (name === 'AnimationFrame' && ph === 'b') {
      if (inFrameMs !== null) framesMs.push(inFrameMs);
      inFrameMs = 0;
    } else if (ph === 'X' && name === 'RunTask') {
      longestTaskMs = Math.max(longestTaskMs, Number((tdur / 1_000).toFixed(2)));
      if (inFrameMs !== null) inFrameMs += tdur / 1_000;
    }
  }
  return { framesMs, longestTaskMs };
}
