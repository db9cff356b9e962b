/** Digits alone, no leading zero but `0` itself, at most 2^53 − 1; null for anything else. */
export function parseDecimal(text: string): number | null {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/** Whether it counts something: a whole number from 0 to 2^53 − 1. */
export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
