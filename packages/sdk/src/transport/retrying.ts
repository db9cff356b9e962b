import type { Engine } from '@latchkey/crypto';
import type { Route } from '@latchkey/protocol/wire';
import type { StopSignal } from '../by-hand/ports.ts';
import { RefusedError, SdkError } from '../errors.ts';
import type { BlobBody, ByteRange, Clock, Wire } from '../ports.ts';
import { malformed } from './read-answer.ts';
import { isRepeatable } from './repeatable-routes.ts';

export interface RetryOptions {
  readonly clock: Clock;
  readonly engine: Pick<Engine, 'randomBytes'>;
  /** How often a call is made at most, the first time included. Default 5. */
  readonly attempts?: number;
  /** Longest pause before one repetition. A server that asks for more is refused its wish: the refusal comes through. */
  readonly longestPauseMs?: number;
  /** Whether a call may be repeated where nobody knows if it was carried out. Default: `isRepeatable`. */
  readonly repeats?: (route: Route) => boolean;
}

const firstPauseMs = 250;
/** What an attempt must bring at least to count as getting on: a server that gives drops is given up. */
const leastBytes = 1_024;

/**
 * The same wire, patient: calls that the server had no time for are made again, and those whose outcome is unknown
 * where `repeats` says so. A body that is cut goes on from its last byte for as long as it gets on.
 *
 * `rate_limited` and `busy` are said before anything is done; `storage_failed` and a cut line tell nothing.
 */
export function retrying(wire: Wire, options: RetryOptions): Wire {
  const patience = new Patience(options);
  return {
    origin: wire.origin,
    call: (route, request, callOptions) =>
      patience.repeat(route, callOptions?.signal, () => wire.call(route, request, callOptions)),
    put: (...[route, request, body, callOptions]) =>
      patience.repeat(route, callOptions?.signal, () => wire.put(route, request, body, callOptions)),
    async read(route, request, callOptions = {}) {
      const read = (range: ByteRange | undefined): Promise<BlobBody> =>
        patience.repeat(route, callOptions.signal, () => {
          const { range: _whole, ...rest } = callOptions;
          return wire.read(route, request, range === undefined ? rest : { ...rest, range });
        });
      const { range, signal } = callOptions;
      const first = await read(range);
      return { ...first, stream: () => wholeBody(first, { range, read, patience, signal }) };
    },
    events: (after, callOptions) => wire.events(after, callOptions),
  };
}

interface BodyOptions {
  readonly range: ByteRange | undefined;
  readonly read: (range: ByteRange | undefined) => Promise<BlobBody>;
  readonly patience: Patience;
  readonly signal: StopSignal | undefined;
}

async function* wholeBody(first: BlobBody, { range, read, patience, signal }: BodyOptions): AsyncGenerator<Uint8Array> {
  const { totalBytes } = first;
  let body = first;
  let at = range?.from ?? 0;
  for (let failures = 0; ; failures++) {
    const from = at;
    try {
      for await (const piece of body.stream()) {
        at += piece.length;
        if (at - from >= leastBytes) failures = 0;
        yield piece;
      }
      return;
    } catch (error) {
      await patience.pause(error, { failures: failures + 1, mayRepeat: true, signal });
    }
    // Cut behind the last byte: nothing is missing, and there is no range behind it.
    if (at >= Math.min(range?.to ?? totalBytes, totalBytes)) return;
    body = await read({ ...range, from: at });
    if (body.totalBytes !== totalBytes) throw malformed('the blob has another size than before');
  }
}

class Patience {
  readonly #options: Required<RetryOptions>;

  constructor(options: RetryOptions) {
    this.#options = { attempts: 5, longestPauseMs: 30_000, repeats: isRepeatable, ...options };
  }

  async repeat<T>(route: Route, signal: StopSignal | undefined, work: () => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures++) {
      try {
        return await work();
      } catch (error) {
        await this.pause(error, { failures, mayRepeat: this.#options.repeats(route), signal });
      }
    }
  }

  /** Waits before the next attempt. @throws the error itself where there is to be none */
  async pause(
    error: unknown,
    { failures, mayRepeat, signal }: { failures: number; mayRepeat: boolean; signal: StopSignal | undefined },
  ): Promise<void> {
    const { attempts, longestPauseMs, clock } = this.#options;
    if (failures >= attempts || !isPassing(error, mayRepeat)) throw error;
    const asked = error instanceof RefusedError ? (error.retryAfterSeconds ?? 0) * 1_000 : 0;
    if (asked > longestPauseMs) throw error;
    await clock.sleep(Math.min(longestPauseMs, Math.max(asked, this.#backOff(failures))), signal);
    if (signal?.aborted === true) throw new SdkError('stopped', 'stopped');
  }

  /** Doubled each time, and uneven, so that many clients that were cut off together do not come back together. */
  #backOff(failures: number): number {
    const [byte = 0] = this.#options.engine.randomBytes(1);
    return firstPauseMs * 2 ** (failures - 1) * (0.5 + byte / 256);
  }
}

function isPassing(error: unknown, mayRepeat: boolean): boolean {
  if (error instanceof RefusedError) {
    if (error.wire === 'rate_limited' || error.wire === 'busy') return true;
    return error.wire === 'storage_failed' && mayRepeat;
  }
  return error instanceof SdkError && error.code === 'server_unreachable' && mayRepeat;
}
