import { malformed } from '../malformed.ts';
import type { Field } from './field.ts';

const HOUR_SECONDS = 3600;

/** `YYYY-MM-DDThh:mm:ssZ`, in whole seconds since 1970-01-01T00:00:00Z, up to the year 9999. No leap seconds. */
export const timeField: Field<number> = {
  read: (token) => {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(token)) throw malformed('a field is not a time');
    const part = (from: number, to: number): number => Number(token.slice(from, to));
    // A day or hour that does not exist rolls over to another, which is then written otherwise.
    const milliseconds = Date.UTC(part(0, 4), part(5, 7) - 1, part(8, 10), part(11, 13), part(14, 16), part(17, 19));
    if (milliseconds < 0) throw malformed('a time is before 1970');
    return milliseconds / 1000;
  },
  write: (seconds) => {
    const date = new Date(seconds * 1000);
    if (Number.isNaN(date.getTime())) throw malformed('a time is not a number');
    // Fractions and years of five digits stay, and no reader takes them.
    return date.toISOString().replace('.000Z', 'Z');
  },
};

/** A time with minutes and seconds zero. */
export const hourField: Field<number> = {
  read: (token) => {
    const seconds = timeField.read(token);
    if (seconds % HOUR_SECONDS !== 0) throw malformed('a time is not a full hour');
    return seconds;
  },
  write: (seconds) => timeField.write(seconds),
};
