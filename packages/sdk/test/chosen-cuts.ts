/**
 * Where to cut: at the first and the last call of each path, since what lies between is the same step with other records.
 * Every call with `LATCHKEY_EVERY_CUT=1` (`npm run soak -- every-cut`).
 *
 * @param calls paths of the calls of a run that was not cut
 * @returns places in them
 */
export function chosenCuts(calls: readonly string[]): readonly number[] {
  const isEvery = process.env['LATCHKEY_EVERY_CUT'] === '1';
  return calls.flatMap((path, at) =>
    isEvery || calls.indexOf(path) === at || calls.lastIndexOf(path) === at ? [at] : [],
  );
}
