/**
 * A number of the command line, such as `--pairs 5`.
 *
 * @param least the smallest that makes sense
 * @throws Error that names the option, where the text is no whole number from `least` on
 */
export function parseCount(option: string, text: string, least = 1): number {
  const count = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= least)) throw new Error(`--${option} takes a whole number from ${least} on, not "${text}"`);
  return count;
}
