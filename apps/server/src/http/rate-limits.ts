import type { Config } from '../config/config.ts';
import { Refused } from '../store/refused.ts';

/** How often something may happen to one name. In memory only: a restart forgets, and nothing about anyone stays. */
export interface RateLimit {
  readonly perHour: number;
  readonly burst: number;
}

export const RATE_LIMITS = {
  /** A name is an address: guessing the password of one account is slow, whoever guesses. */
  login: { perHour: 60, burst: 30 },
  /** All registrations together. */
  register: { perHour: 6_000, burst: 600 },
  /** A name is an account. */
  resolve: { perHour: 60_000, burst: 5_000 },
  /** A name is an account. An address that does not exist costs a proof, and asking for many is how one finds those that do. */
  absent: { perHour: 500, burst: 500 },
  /** A name is an account: identity statements are kept for ever and do not count to the quota. */
  statement: { perHour: 10, burst: 30 },
  passes: { perHour: 20_000, burst: 2_000 },
  /** A name is a pass: how many recipients it serves. */
  deliver: { perHour: 20_000, burst: 10_000 },
  /** A name is an account: each is kept until the operator has read it. */
  report: { perHour: 6, burst: 12 },
  /** A name is a new account; how many deliveries it has in a day is a setting. */
  newcomer: { perHour: 4, burst: 100 },
  /** A name is a pass of a new account: one delivery, and a few repetitions of it where the line was cut. */
  newcomerPass: { perHour: 1, burst: 4 },
} as const satisfies Record<string, RateLimit>;

/** The table with what the settings say of new accounts. */
export function limitsFor({ newAccountSends: sends }: Pick<Config, 'newAccountSends'>): RateLimitTable {
  return { ...RATE_LIMITS, newcomer: { perHour: sends / 24, burst: sends } };
}

export type RateLimitTable = Readonly<Record<RateLimitName, RateLimit>>;
export type RateLimitName = keyof typeof RATE_LIMITS;

export interface RateLimits {
  /** @throws Refused `rate_limited` with the seconds to wait */
  take(limit: RateLimitName, name: string, count?: number): void;
}

interface Bucket {
  readonly left: number;
  readonly atMs: number;
}

/** Of one limit. */
const maxNames = 100_000;

/** Token buckets. When there are too many names the full ones, which say nothing, are forgotten first. */
export function rateLimits(clock: () => number, table: RateLimitTable = RATE_LIMITS): RateLimits {
  // By themselves: whoever fills one with names (addresses at a login are anybody's) empties no other.
  const bucketsOf = new Map<RateLimitName, Map<string, Bucket>>();

  function forget(buckets: Map<string, Bucket>, { perHour, burst }: RateLimit): void {
    const nowMs = clock();
    for (const [name, { left, atMs }] of buckets) {
      if (left + ((nowMs - atMs) / 3_600_000) * perHour >= burst) buckets.delete(name);
    }
    if (buckets.size >= maxNames) buckets.clear();
  }

  return {
    take(limitName, name, count = 1) {
      const limit = table[limitName];
      const { perHour, burst } = limit;
      const buckets = bucketsOf.get(limitName) ?? new Map<string, Bucket>();
      bucketsOf.set(limitName, buckets);
      const nowMs = clock();
      if (buckets.size >= maxNames) forget(buckets, limit);
      const bucket = buckets.get(name) ?? { left: burst, atMs: nowMs };
      const left = Math.min(burst, bucket.left + (Math.max(0, nowMs - bucket.atMs) / 3_600_000) * perHour) - count;
      if (left < 0) {
        buckets.set(name, { left: left + count, atMs: nowMs });
        // The wire has room for a day.
        throw new Refused('rate_limited', Math.min(86_400, Math.ceil((-left / perHour) * 3_600)));
      }
      buckets.set(name, { left, atMs: nowMs });
    },
  };
}
