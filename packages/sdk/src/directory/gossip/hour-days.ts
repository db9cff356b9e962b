/**
 * The hourly heads of whole days, as this server shows them: the same request whatever somebody wants to compare
 * (docs/spec/14-proving-directory.md, "Hourly heads").
 */
import { ROUTES } from '@latchkey/protocol/wire';
import { RefusedError } from '../../errors.ts';
import type { Profile, Wire } from '../../ports.ts';
import { HOURS_OF_DAY, readHours, writeHours, type HourNote, type ShownDay } from './hours-file.ts';

export interface HourDaysParts {
  readonly wire: Wire;
  readonly profile: Profile;
  /** Of the index log. */
  readonly origin: string;
}

export interface DaysWanted {
  readonly firstDay: number;
  readonly lastDay: number;
  /** Heads up to this hour are needed: what was asked for before it is asked for again. */
  readonly reachHour: number;
}

export interface ShownHours {
  readonly heads: readonly HourNote[];
  /** Heads that an earlier answer had in the place of others of these: what was shown first stays in `heads`. */
  readonly rewritten: readonly HourNote[];
}

export interface HourDays {
  /** Rising. @throws what the wire throws, but that there is no such route, day or log */
  get(wanted: DaysWanted): Promise<ShownHours>;
}

export function hourDays({ wire, profile, origin }: HourDaysParts): HourDays {
  const known = new Map<number, ShownDay>();
  const rewritten: HourNote[] = [];
  let isRead = false;
  let last: Promise<unknown> = Promise.resolve();

  const load = async (): Promise<void> => {
    if (isRead) return;
    for (const day of await readHours(profile, origin)) known.set(day.day, day);
    isRead = true;
  };

  const get = async ({ firstDay, lastDay, reachHour }: DaysWanted): Promise<ShownHours> => {
    await load();
    let isNew = false;
    const heads: HourNote[] = [];
    for (let day = firstDay; day <= lastDay; day++) {
      const before = known.get(day);
      const shown = before !== undefined && reaches(before, reachHour) ? before : await ask(wire, day, reachHour);
      if (shown !== before) {
        const merged = merge(before, shown);
        known.set(day, merged.day);
        rewritten.push(...merged.rewritten);
        isNew = true;
      }
      heads.push(...(known.get(day)?.heads ?? []));
    }
    if (isNew) await writeHours(profile, origin, [...known.values()]);
    return { heads, rewritten };
  };

  return {
    get(wanted) {
      // Messages are judged side by side: they share one request.
      const run = last.then(() => get(wanted));
      last = run.catch(() => undefined);
      return run;
    },
  };
}

/** An hour's head may be published at the beginning of the next one. */
function reaches({ day, askedHour, heads }: ShownDay, reachHour: number): boolean {
  const neededHour = Math.min(reachHour, (day + 1) * HOURS_OF_DAY - 1);
  return askedHour > neededHour + 1 || heads.some(({ hour }) => hour >= neededHour);
}

async function ask(wire: Wire, day: number, askedHour: number): Promise<ShownDay> {
  const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
  try {
    const { heads } = await wire.call(ROUTES.ktHours, { day: date });
    const ofDay = heads.filter(({ hour }) => Math.floor(hour / HOURS_OF_DAY) === day);
    return { day, askedHour, heads: ofDay.map(({ hour, note }) => ({ hour, note })) };
  } catch (error) {
    const isWithout = error instanceof RefusedError && (error.wire === 'route_unknown' || error.wire === 'not_found');
    if (isWithout) return { day, askedHour, heads: [] };
    throw error;
  }
}

/** What was shown once stays, and what is missing or other now is not forgotten either. */
function merge(
  before: ShownDay | undefined,
  shown: ShownDay,
): { readonly day: ShownDay; readonly rewritten: readonly HourNote[] } {
  const first = new Map((before?.heads ?? []).map(({ hour, note }) => [hour, note]));
  const rewritten = shown.heads.filter(({ hour, note }) => first.has(hour) && first.get(hour) !== note);
  for (const { hour, note } of shown.heads) if (!first.has(hour)) first.set(hour, note);
  const heads = [...first].map(([hour, note]) => ({ hour, note })).toSorted((one, other) => one.hour - other.hour);
  return { day: { ...shown, heads }, rewritten };
}
