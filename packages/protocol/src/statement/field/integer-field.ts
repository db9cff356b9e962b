import { malformed } from '../malformed.ts';
import type { Field } from './field.ts';

/** Decimal digits without leading zeros, from `min` to `max`, both within. */
export function integerField(min: number, max: number): Field<number> {
  return {
    read: (token) => {
      if (!/^\d+$/.test(token)) throw malformed('a field is not a number');
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
    // Without a match both are 0, which is no quorum.
    const [needed = 0, total = 0] = /^(\d+)\/(\d+)$/.exec(token)?.slice(1).map(Number) ?? [];
    if (needed < 1 || needed > total || total > 255) throw malformed('a quorum is not 1 ≤ k ≤ n ≤ 255');
    return { needed, total };
  },
  write: ({ needed, total }) => `${needed}/${total}`,
};
