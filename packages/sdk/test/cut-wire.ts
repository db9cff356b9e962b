/** Wires that fail in the two ways in which a network can: before the server heard of it, and after. */
import type { Wire } from '../src/ports.ts';
import { SdkError } from '../src/errors.ts';

export type Cut = 'before' | 'after';

/** The power goes: whoever catches everything else must not catch this. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

export interface CutOptions {
  /** Which call is cut, from 0; in the order in which they begin. */
  readonly at: number;
  readonly cut: Cut;
}

export interface CutWires {
  between(this: void, wire: Wire): Wire;
  /** Paths of the calls so far. */
  readonly calls: readonly string[];
  readonly happened: boolean;
}

/** All calls from `at` on fail: the process that made them is gone. */
export function cutWires({ at, cut }: CutOptions): CutWires {
  const calls: string[] = [];
  const state = { happened: false };
  return {
    calls,
    get happened() {
      return state.happened;
    },
    between: (wire) => ({
      origin: wire.origin,
      async call(route, request, options) {
        const number = calls.push(route.path) - 1;
        if (number > at || (number === at && cut === 'before')) {
          state.happened = true;
          throw new Killed(`before ${route.path}`);
        }
        const answer = await wire.call(route, request, options);
        if (number === at) {
          state.happened = true;
          throw new Killed(`after ${route.path}`);
        }
        return answer;
      },
      put: (...given) => wire.put(...given),
      read: (...given) => wire.read(...given),
      events: (...given) => wire.events(...given),
    }),
  };
}

/** One route's first call gets no answer, although the server did what it says. */
export function losingAnswerOf(path: string): (wire: Wire) => Wire {
  let isLost = false;
  return (wire) => ({
    origin: wire.origin,
    async call(route, request, options) {
      const answer = await wire.call(route, request, options);
      if (route.path !== path || isLost) return answer;
      isLost = true;
      throw new SdkError('server_unreachable', 'the connection was cut');
    },
    put: (...given) => wire.put(...given),
    read: (...given) => wire.read(...given),
    events: (...given) => wire.events(...given),
  });
}
