/** Work that must not overlap, for callers who do not wait for ever: what is late goes on, and its answer is lost. */
export class OneAtATime {
  #busy: Promise<unknown> | null = null;

  /**
   * @param withinMs null: as long as it takes
   * @returns null where it was not done in time, or was not even begun
   */
  async run<T>(work: () => Promise<T>, withinMs: number | null): Promise<T | null> {
    const { promise: late, timer } = after(withinMs);
    try {
      while (this.#busy !== null) {
        const isLate = await Promise.race([this.#busy.then(() => false), late.then(() => true)]);
        if (isLate) return null;
      }
      const done = work();
      // The next caller waits for the end, good or bad.
      this.#busy = done.then(
        () => (this.#busy = null),
        () => (this.#busy = null),
      );
      return await Promise.race([done, late]);
    } finally {
      if (timer !== null) clearTimeout(timer);
    }
  }
}

function after(ms: number | null): { readonly promise: Promise<null>; readonly timer: NodeJS.Timeout | null } {
  const { promise, resolve } = Promise.withResolvers<null>();
  return { promise, timer: ms === null ? null : setTimeout(() => resolve(null), ms) };
}
