/** What a target of this room is made of. */
import assert from 'node:assert/strict';
import type { AwaitedFuzzTarget } from '../../packages/testkit/src/index.ts';

/** `path#name` of each function that this target drives, directly or through another one. */
export interface ParserTarget extends AwaitedFuzzTarget {
  readonly drives: readonly string[];
}

type Seed = string | Uint8Array;

interface Parser<T> {
  readonly drives: readonly string[];
  readonly seeds: readonly Seed[];
  readonly parse: (input: Uint8Array) => T | Promise<T>;
  /** What was taken, as it is written; absent where a parser takes more than one spelling. */
  readonly again?: (parsed: NonNullable<T>) => Seed | Promise<Seed>;
}

/** Taken: anything but null and `unreadable`. Refused: those, or an error with one of our codes. All else fails. */
export function parserTarget<T>(name: string, { drives, seeds, parse, again }: Parser<T>): ParserTarget {
  return {
    name,
    drives,
    seeds: seeds.map((seed) => Buffer.from(seed)),
    async judge(input) {
      let parsed: T;
      try {
        parsed = await parse(input);
      } catch (error) {
        assert.ok(isListed(error), error instanceof Error ? (error.stack ?? error.message) : 'no error was thrown');
        return false;
      }
      if (parsed === null || parsed === undefined || parsed === 'unreadable') return false;
      if (again !== undefined) {
        const written = Buffer.from(await again(parsed));
        // A parser of text saw what is no UTF-8 as U+FFFD.
        assert.ok(
          [input, Buffer.from(textOf(input))].some((each) => written.equals(each)),
          'it is written back otherwise',
        );
      }
      return true;
    },
  };
}

/** Our codes are words in lower case; those of a platform or a library are not. */
function isListed(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return false;
  return 'code' in error && typeof error.code === 'string' && /^[a-z][a-z0-9_]+$/.test(error.code);
}

/** As every parser of text gets it: bytes that are no UTF-8 come as U+FFFD. */
export const textOf = (input: Uint8Array): string => Buffer.from(input).toString('utf8');
