import { malformed } from '../malformed.ts';
import type { Field } from './field.ts';

/** One of these words. */
export function choiceField<T extends string>(words: readonly T[]): Field<T> {
  return {
    read: (token) => {
      const word = words.find((candidate) => candidate === token);
      if (word === undefined) throw malformed('a field is none of the words that it may be');
      return word;
    },
    write: (word) => word,
  };
}

/** Printable ASCII that fits the pattern. */
export function patternField(pattern: RegExp): Field<string> {
  return {
    read: (token) => {
      if (!pattern.test(token)) throw malformed('a field is not in its grammar');
      return token;
    },
    write: (token) => token,
  };
}
