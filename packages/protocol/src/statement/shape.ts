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
    read: (tokens) => {
      const [token] = exactly(tokens, 1);
      return field.read(token ?? '');
    },
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

/** The tokens, if they are this many. */
export function exactly(tokens: readonly string[], count: number): readonly string[] {
  if (tokens.length !== count) throw malformed(`a line has ${tokens.length} values instead of ${count}`);
  return tokens;
}
