import { malformed } from '../malformed.ts';
import type { Field } from './field.ts';

const LAST_SECOND = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;
const HOUR_SECONDS = 3600;

/** `YYYY-MM-DDThh:mm:ssZ`, in whole seconds since 1970-01-01T00:00:00Z, up to the year 9999. No leap seconds. */
export const timeField: Field<number> = {
  read: (token) => {
    const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/.exec(token)?.slice(1).map(Number);
    if (parts === undefined) throw malformed('a field is not a time');
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
    // A day or hour that does not exist rolls over to another, which is then written otherwise.
    const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
    if (seconds < 0 || seconds > LAST_SECOND) throw malformed('a time is before 1970 or after 9999');
    return seconds;
  },
  write: (seconds) => {
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > LAST_SECOND)
      throw malformed('a time is not whole seconds');
    return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
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
