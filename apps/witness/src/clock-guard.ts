/** A clock that was set back by less than this signs with the last time until it has caught up. */
export const ALLOWED_BACK_SECONDS = 300;

/**
 * The times in cosignatures never go back: "at 10:00 the largest head had 20 leaves" and then "at 9:00 it had 25" would
 * be a false statement. A clock that goes back by more than a correction is a fault that a person has to look at.
 */
export class ClockGuard {
  readonly #nowSeconds: () => number;
  #lastSeconds: number;

  /** @param lastSeconds the newest time ever signed, 0 where nothing was */
  constructor(nowSeconds: () => number, lastSeconds: number) {
    this.#nowSeconds = nowSeconds;
    this.#lastSeconds = lastSeconds;
  }

  /** The time to sign with, or null where the clock is wrong. */
  next(): number | null {
    const now = this.#nowSeconds();
    if (!Number.isSafeInteger(now) || now <= 0 || now < this.#lastSeconds - ALLOWED_BACK_SECONDS) return null;
    this.#lastSeconds = Math.max(this.#lastSeconds, now);
    return this.#lastSeconds;
  }
}
