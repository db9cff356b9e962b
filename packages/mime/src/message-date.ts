/** Dates of messages (RFC 5322 3.3). */
import { MimeError } from './errors.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
/** The last second of the year 9999. */
const LAST_SECOND = 253_402_300_799;

/** `Mon, 23 Nov 2026 10:00:00 +0000` */
export function formatDate(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > LAST_SECOND) {
    throw new MimeError('field_unfit', 'a date is not within the years 1970 to 9999');
  }
  const date = new Date(seconds * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}

/** No year below 1000: `Date.UTC` takes the first hundred for years of the twentieth century. */
const GRAMMAR =
  /^(?:[A-Z][a-z]{2}, *)?(\d{1,2}) +([A-Z][a-z]{2}) +([1-9]\d{3}) +(\d\d):(\d\d)(?::(\d\d))? +(?:([+-])(\d\d)([0-5]\d)|GMT|UT|Z)(?: *\([^()]*\))?$/;

/** Seconds since 1970-01-01T00:00:00Z; null for anything that is not a date of today's grammar. */
export function parseDate(text: string): number | null {
  const [found, day, month, year, hour, minute, second = '0', sign, zoneHours = '0', zoneMinutes = '0'] =
    GRAMMAR.exec(text.trim()) ?? [];
  const monthIndex = MONTHS.findIndex((name) => name === month);
  if (found === undefined || monthIndex === -1) return null;
  if (Number(minute) > 59 || Number(second) > 60) return null;
  const minuteStarts = Date.UTC(Number(year), monthIndex, Number(day), Number(hour), Number(minute));
  // A day or an hour that does not exist rolls over to another day.
  if (new Date(minuteStarts).getUTCDate() !== Number(day)) return null;
  // A leap second is the first of the next minute.
  const local = minuteStarts / 1000 + Number(second);
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60;
  const seconds = sign === '-' ? local + zone : local - zone;
  return seconds >= 0 && seconds <= LAST_SECOND ? seconds : null;
}
