/** The profile file `hours`: hourly heads that this device was shown, so that nobody can show it others later. */
import { limits } from '@latchkey/protocol/wire';
import * as v from 'valibot';
import { decodeStored, encodeStored, textField, u32Field } from '../../account/stored-json.ts';
import type { Profile } from '../../ports.ts';

export interface HourNote {
  /** Since 1970-01-01T00Z. */
  readonly hour: number;
  readonly note: string;
}

/** One day's heads, as they were shown. */
export interface ShownDay {
  /** Since 1970-01-01. */
  readonly day: number;
  /** The hour in which they were asked for. */
  readonly askedHour: number;
  readonly heads: readonly HourNote[];
}

interface HoursFile {
  readonly v: 1;
  /** Of the index log. */
  readonly origin: string;
  readonly days: readonly ShownDay[];
}

export const HOURS_OF_DAY = 24;
/** More is not compared with: what is older is late already. */
export const KEPT_DAYS = 3;

const schema: v.GenericSchema<unknown, HoursFile> = v.strictObject({
  v: v.literal(1),
  origin: textField(512),
  days: v.pipe(
    v.array(
      v.strictObject({
        day: u32Field,
        askedHour: u32Field,
        heads: v.pipe(
          v.array(v.strictObject({ hour: u32Field, note: textField(limits.MAX_LOG_ENTRY_CHARS) })),
          v.maxLength(HOURS_OF_DAY),
        ),
      }),
    ),
    v.maxLength(KEPT_DAYS),
  ),
});

/** Nothing where there is no such file, or one of another log or version: it is asked for again. */
export async function readHours(profile: Profile, origin: string): Promise<readonly ShownDay[]> {
  const content = await profile.read('hours');
  const file = content === null ? null : decodeStored(schema, content);
  return file?.origin === origin ? file.days : [];
}

export async function writeHours(profile: Profile, origin: string, days: readonly ShownDay[]): Promise<void> {
  const newest = days.toSorted((one, other) => other.day - one.day).slice(0, KEPT_DAYS);
  await profile.write('hours', encodeStored({ v: 1, origin, days: newest } satisfies HoursFile));
}
