/** Dates, numbers and sizes, as this page's language writes them. */
import { locale } from './text.ts';

const DAY_MS = 86_400_000;

function dates(options: Intl.DateTimeFormatOptions): (seconds: number) => string {
  let format: Intl.DateTimeFormat | undefined;
  return (seconds) => (format ??= new Intl.DateTimeFormat(locale, options)).format(seconds * 1000);
}

const clock = dates({ hour: '2-digit', minute: '2-digit' });
const dayOfYear = dates({ day: 'numeric', month: 'short' });
const dayAndYear = dates({ day: 'numeric', month: 'short', year: 'numeric' });

export const formats = {
  /** For rows: the time today, the day this year, else day and year. */
  short(seconds: number, nowMs: number): string {
    const then = new Date(seconds * 1000);
    const now = new Date(nowMs);
    if (then.toDateString() === now.toDateString()) return clock(seconds);
    if (then.getFullYear() === now.getFullYear() && now.getTime() - then.getTime() < 330 * DAY_MS) {
      return dayOfYear(seconds);
    }
    return dayAndYear(seconds);
  },
  full: dates({ dateStyle: 'full', timeStyle: 'short' }),
  day: dayAndYear,
  number: (value: number): string => new Intl.NumberFormat(locale).format(value),
  /** `1.4 GB`, in powers of 1000 as file managers write them. */
  size(bytes: number): string {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
    const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
    const value = bytes / 1000 ** power;
    return new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: units[power] ?? 'byte',
      unitDisplay: power === 0 ? 'long' : 'short',
      maximumFractionDigits: power === 0 || value >= 100 ? 0 : 1,
    }).format(value);
  },
  names: (names: readonly string[]): string =>
    new Intl.ListFormat(locale, { type: 'conjunction', style: 'short' }).format(names),
};
