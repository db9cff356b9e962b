import type { Field } from './field/field.ts';
import { malformed } from './malformed.ts';

/** What stands after the keyword of a line, as tokens between single spaces. */
export interface Shape<T> {
  read(tokens: readonly string[]): T;
  write(value: T): readonly string[];
}

/** A line of one value. */
export function only<T>(field: Field<T>): Shape<T> {
  return {
    read: (tokens) => field.read(tokenAt(tokens, 0)),
    write: (value) => [field.write(value)],
  };
}

/** A line of one value, or of the word `none`, which is null. */
export function orNone<T>(field: Field<T>): Shape<T | null> {
  return {
    read: (tokens) => (tokens[0] === 'none' ? null : only(field).read(tokens)),
    write: (value) => [value === null ? 'none' : field.write(value)],
  };
}

/**
 * One token of a line. Tokens that nobody asks for are missing in what `write` gives, and refused so.
 * @throws ProtocolError statement_malformed: there are fewer
 */
export function tokenAt(tokens: readonly string[], index: number): string {
  const token = tokens[index];
  if (token === undefined) throw malformed('a line has too few values');
  return token;
}
