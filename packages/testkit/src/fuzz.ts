/** One parser under attack: bytes that were good once, changed at random. */
export interface FuzzTarget {
  readonly name: string;
  /** Good inputs; the nearer to good an input is, the further a parser goes with it. */
  readonly seeds: readonly Uint8Array[];
  /**
   * True where the input was taken, false where it was refused as it should be. Throws where neither is so: an error
   * without a listed code, a result that is not written back as it was read.
   */
  readonly judge: (input: Uint8Array) => boolean;
}

/** Of a parser that hashes or verifies, and so has to be waited for. */
export interface AwaitedFuzzTarget extends Omit<FuzzTarget, 'judge'> {
  readonly judge: (input: Uint8Array) => boolean | Promise<boolean>;
}

export interface FuzzFigures {
  readonly name: string;
  readonly runs: number;
  readonly taken: number;
  readonly seed: number;
  readonly slowestMs: number;
}

/**
 * A parser that takes longer for a few kilobytes can be held up. Wide, and only what is slow twice is slow: the machine may be
 * busy, and let a soak run wait for seconds.
 */
const MOST_MS = 2000;
/** What parsers look for, and the edges of a byte. */
const TELLING = [0, 9, 10, 13, 32, 37, 43, 45, 46, 47, 48, 49, 61, 64, 65, 97, 127, 128, 226, 255];
const LONGEST_BYTES = 16_384;

/**
 * Judges `runs` inputs. The same `seed` gives the same inputs.
 * @throws Error with the input in base64, so that it can be made a test
 */
export function fuzz(
  target: FuzzTarget,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): FuzzFigures {
  const random = randomFrom(seed);
  let taken = 0;
  let slowestMs = 0;
  for (let run = 0; run < runs; run += 1) {
    const input = changed(target.seeds, random);
    let startMs = performance.now();
    try {
      if (target.judge(input)) taken += 1;
      if (performance.now() - startMs > MOST_MS) {
        startMs = performance.now();
        target.judge(input);
      }
    } catch (cause) {
      throw failed(target, { input, run, seed, cause });
    }
    slowestMs = Math.max(slowestMs, soonEnough(target, input, startMs));
  }
  return { name: target.name, runs, taken, seed, slowestMs: Math.round(slowestMs) };
}

/**
 * Judges inputs for so long, the seeds as they are first, and at least once each.
 * @throws Error with the input in base64, so that it can be made a test
 */
export async function fuzzFor(
  target: AwaitedFuzzTarget,
  { forMs, mostRuns, seed }: { readonly forMs: number; readonly mostRuns: number; readonly seed: number },
): Promise<FuzzFigures> {
  const random = randomFrom(seed);
  const untilMs = performance.now() + forMs;
  let [taken, slowestMs, run] = [0, 0, 0];
  for (; run < target.seeds.length || (run < mostRuns && performance.now() < untilMs); run += 1) {
    const input = target.seeds[run] ?? changed(target.seeds, random);
    let startMs = performance.now();
    try {
      const judged = target.judge(input);
      if (typeof judged === 'boolean' ? judged : await judged) taken += 1;
      if (performance.now() - startMs > MOST_MS) {
        startMs = performance.now();
        await target.judge(input);
      }
    } catch (cause) {
      throw failed(target, { input, run, seed, cause });
    }
    slowestMs = Math.max(slowestMs, soonEnough(target, input, startMs));
  }
  return { name: target.name, runs: run, taken, seed, slowestMs: Math.round(slowestMs) };
}

function soonEnough({ name }: Pick<FuzzTarget, 'name'>, input: Uint8Array, startMs: number): number {
  const tookMs = performance.now() - startMs;
  if (tookMs > MOST_MS) throw new Error(`${name} takes ${tookMs} ms: ${Buffer.from(input).toString('base64')}`);
  return tookMs;
}

function failed(
  { name }: Pick<FuzzTarget, 'name'>,
  { input, run, seed, cause }: { input: Uint8Array; run: number; seed: number; cause: unknown },
): Error {
  return new Error(`${name}, run ${run} of seed ${seed}: ${Buffer.from(input).toString('base64')}`, { cause });
}

type Random = (below: number) => number;

/** xorshift32: fast, the same everywhere, and good enough to choose places. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function changed(seeds: readonly Uint8Array[], random: Random): Uint8Array {
  const pick = (): Uint8Array => seeds[random(seeds.length)] ?? new Uint8Array(0);
  let bytes: Uint8Array = Uint8Array.from(pick());
  for (let left = 1 + random(4); left > 0; left -= 1) bytes = changedOnce(bytes, pick, random);
  return bytes.subarray(0, LONGEST_BYTES);
}

function changedOnce(bytes: Uint8Array, pick: () => Uint8Array, random: Random): Uint8Array {
  const at = random(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random(16));
  switch (random(8)) {
    case 0:
      return flipped(bytes, at, 1 + random(255));
    case 1:
      return flipped(bytes, at, 1 << random(8));
    case 2:
      return joined(bytes.subarray(0, at), Uint8Array.of(TELLING[random(TELLING.length)] ?? 0), bytes.subarray(at));
    case 3:
      return joined(bytes.subarray(0, at), bytes.subarray(end));
    case 4:
      return joined(bytes.subarray(0, end), bytes.subarray(at));
    case 5:
      return withoutOrTwiceALine(bytes, random);
    case 6: {
      const other = pick();
      return joined(bytes.subarray(0, at), other.subarray(random(other.length + 1)));
    }
    default:
      return flipped(bytes, at, 0x20);
  }
}

function flipped(bytes: Uint8Array, at: number, bits: number): Uint8Array {
  if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ bits;
  return bytes;
}

function withoutOrTwiceALine(bytes: Uint8Array, random: Random): Uint8Array {
  const start = bytes.indexOf(10, random(bytes.length + 1)) + 1;
  const end = bytes.indexOf(10, start) + 1;
  if (end <= start) return bytes;
  return random(2) === 0
    ? joined(bytes.subarray(0, start), bytes.subarray(end))
    : joined(bytes.subarray(0, end), bytes.subarray(start));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
