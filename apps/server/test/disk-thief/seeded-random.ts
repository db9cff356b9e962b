/** Numbers that are the same in every run. Only for the shape of test data, never for ids. */
export interface SeededRandom {
  below(limit: number): number;
  shuffled<T>(values: readonly T[]): T[];
}

/** mulberry32 */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((next() / 4_294_967_296) * limit);
  return {
    below,
    shuffled(values) {
      const left = [...values];
      return values.map(() => left.splice(below(left.length), 1)).flat();
    },
  };
}
