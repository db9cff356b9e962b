/**
 * How much of a full soak run this one is: `LATCHKEY_SOAK_SHARE`, above 0 and at most 1; 1 where it is not set.
 * `npm run soak -- --share 0.05` sets it.
 */
export function soakShare(): number {
  const share = Number(process.env['LATCHKEY_SOAK_SHARE'] ?? '1');
  if (!(share > 0 && share <= 1)) throw new Error('LATCHKEY_SOAK_SHARE is a number above 0 and at most 1');
  return share;
}

/** Figures for the record of the run; `npm run soak` collects these lines. */
export function tellSoak(figures: object): void {
  console.log(`soak-figures ${JSON.stringify(figures)}`);
}
