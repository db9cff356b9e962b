import { malformed } from '../malformed.ts';
import type { Field } from './field.ts';

/** Decimal digits without leading zeros, from `min` to `max`, both within. */
export function integerField(min: number, max: number): Field<number> {
  return {
    read: (token) => {
      if (!/^\d{1,16}$/.test(token)) throw malformed('a field is not a number');
      const value = Number(token);
      if (value < min || value > max) throw malformed(`a number is not within ${min} and ${max}`);
      return value;
    },
    write: String,
  };
}

/** Versions, sequence numbers and epochs: u32 wherever they are hashed. */
export const ordinalField: Field<number> = integerField(0, 0xffff_ffff);

/** k of n, as in `2/3`. Shamir over GF(2^8) has 255 shares at most. */
export interface Quorum {
  readonly needed: number;
  readonly total: number;
}

export const quorumField: Field<Quorum> = {
  read: (token) => {
    const [needed, total] = /^(\d{1,3})\/(\d{1,3})$/.exec(token)?.slice(1).map(Number) ?? [];
    if (needed === undefined || total === undefined) throw malformed('a field is not k/n');
    if (needed < 1 || needed > total || total > 255) throw malformed('a quorum is not 1 ≤ k ≤ n ≤ 255');
    return { needed, total };
  },
  write: ({ needed, total }) => `${needed}/${total}`,
};
