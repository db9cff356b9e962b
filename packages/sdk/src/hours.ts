/** Records, acts and lists count whole hours since 1970-01-01T00Z, nothing finer (docs/spec/06-wire.md, "Bytes"). */

export const HOUR_SECONDS = 3_600;
export const DAY_SECONDS = 86_400;

export function hourOfSeconds(seconds: number): number {
  return Math.floor(seconds / HOUR_SECONDS);
}

export function hourOfMs(ms: number): number {
  return hourOfSeconds(ms / 1_000);
}
