import type { LineReader } from './line-reader.ts';
import { malformed } from './malformed.ts';
import type { Shape } from './shape.ts';

/** The lines of one property of a statement: none, one or several of one keyword. */
export interface LineRule<T> {
  /** @throws ProtocolError statement_malformed, and what the fields of the line throw */
  read(lines: LineReader): T;
  /** @throws ProtocolError statement_malformed: a value that cannot stand in a line */
  write(value: T): readonly string[];
}

/** A line that is always there. */
export function one<T>(keyword: string, shape: Shape<T>): LineRule<T> {
  return {
    read: (lines) => {
      const tokens = lines.take(keyword);
      if (tokens === null) throw malformed(`the line "${keyword}" is missing or out of its order`);
      return shape.read(tokens);
    },
    write: (value) => [lineText(keyword, shape.write(value))],
  };
}

/** A line that is there or not; null where it is not. */
export function optional<T>(keyword: string, shape: Shape<T>): LineRule<T | null> {
  return {
    read: (lines) => {
      const tokens = lines.take(keyword);
      return tokens === null ? null : shape.read(tokens);
    },
    write: (value) => (value === null ? [] : [lineText(keyword, shape.write(value))]),
  };
}

/** Lines in ascending order of their first value, which is a key: each stands once. Written from any order. */
export function sorted<T>(keyword: string, shape: Shape<T>, maximum: number): LineRule<readonly T[]> {
  return {
    read: (lines) => {
      const taken = lines.takeAll(keyword, maximum);
      const keys = new Set(taken.map(([key]) => key));
      if (keys.size < taken.length) throw malformed(`two lines "${keyword}" have one key`);
      return taken.map((tokens) => shape.read(tokens));
    },
    // A space stands before every other character, so that the order of the lines is that of their keys.
    write: (values) => values.map((value) => lineText(keyword, shape.write(value))).toSorted(),
  };
}

/** Lines that are numbered from 1 without a gap. */
export function numbered<T>(keyword: string, shape: Shape<T>, maximum: number): LineRule<readonly T[]> {
  return {
    read: (lines) => lines.takeAll(keyword, maximum).map((tokens) => shape.read(tokens.slice(1))),
    write: (values) => values.map((value, index) => lineText(keyword, [String(index + 1), ...shape.write(value)])),
  };
}

function lineText(keyword: string, tokens: readonly string[]): string {
  if (!tokens.every((token) => /^[!-~]+$/.test(token)))
    throw malformed(`a value of "${keyword}" cannot stand in a line`);
  return `${keyword} ${tokens.join(' ')}\n`;
}
