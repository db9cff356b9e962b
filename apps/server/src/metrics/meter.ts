/** Counts of what this process did. Of routes, statuses and times alone: nothing here says who. */
import type { RouteName } from '@latchkey/protocol/wire';

/** Upper ends in seconds; the last one is everything. */
const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10, Infinity] as const;

interface Series {
  calls: number;
  seconds: number;
  readonly buckets: number[];
}

export interface Meter {
  /** Calls under way that end by themselves. */
  readonly working: number;
  begin(route: string): void;
  end(route: string, status: number, seconds: number): void;
  /** In the text format of Prometheus. */
  format(gauges: Readonly<Record<string, number>>): string;
}

/** @param endless routes that last as long as a client listens */
export function newMeter(endless: ReadonlySet<string>): Meter {
  const series = new Map<string, Series>();
  let working = 0;
  let listeners = 0;
  const change = (route: string, by: 1 | -1): void => {
    if (endless.has(route)) listeners += by;
    else working += by;
  };
  return {
    get working() {
      return working;
    },
    begin: (route) => change(route, 1),
    end(route, status, seconds) {
      change(route, -1);
      const name = `route="${route}",status="${status}"`;
      const counted = series.get(name) ?? { calls: 0, seconds: 0, buckets: BUCKETS.map(() => 0) };
      counted.calls += 1;
      counted.seconds += seconds;
      const bucket = BUCKETS.findIndex((end) => seconds <= end);
      counted.buckets[bucket] = (counted.buckets[bucket] ?? 0) + 1;
      series.set(name, counted);
    },
    format(gauges) {
      const lines = ['# TYPE latchkey_call_seconds histogram'];
      for (const [name, { calls, seconds, buckets }] of [...series].toSorted(([one], [other]) =>
        one < other ? -1 : 1,
      )) {
        let below = 0;
        for (const [place, end] of BUCKETS.entries()) {
          below += buckets[place] ?? 0;
          lines.push(`latchkey_call_seconds_bucket{${name},le="${end === Infinity ? '+Inf' : end}"} ${below}`);
        }
        lines.push(`latchkey_call_seconds_sum{${name}} ${seconds}`, `latchkey_call_seconds_count{${name}} ${calls}`);
      }
      for (const [name, value] of Object.entries({
        latchkey_calls_working: working,
        latchkey_listeners: listeners,
        ...gauges,
      })) {
        lines.push(`# TYPE ${name} gauge`, `${name} ${value}`);
      }
      return `${lines.join('\n')}\n`;
    },
  };
}

export const ENDLESS_ROUTES: readonly RouteName[] = ['eventsStream'];
