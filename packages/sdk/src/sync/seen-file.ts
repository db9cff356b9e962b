/** The profile file `seen`: JSON with marks of spaces, of the log of arrivals, and the cursor of events. */
import { decodeBytes, encodeJson, limits } from '@latchkey/protocol/wire';
import * as v from 'valibot';
import { bytesField, parseStored, u32Field } from '../account/stored-json.ts';
import { SdkError } from '../errors.ts';
import type { Profile } from '../ports.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { isTreePlace, type TreePlace } from './log-tree.ts';
import type { ArrivalMark, KnownHead, SpaceMark } from './marks.ts';
import { decodeUtf8, encodeUtf8 } from './utf8-text.ts';

/** What a device has seen, lastingly. */
export interface Seen {
  space(id: Uint8Array): Promise<SpaceMark | null>;
  keepSpace(id: Uint8Array, mark: SpaceMark): Promise<void>;
  arrivals(): Promise<ArrivalMark | null>;
  keepArrivals(mark: ArrivalMark | null): Promise<void>;
  /** Number of the last event that was handled; 0 before the first. */
  eventCursor(): Promise<number>;
  setEventCursor(number: number): Promise<void>;
}

// More old places than there are powers of two cannot be.
const MAX_PLACES = 64;
const MAX_PEAKS_CHARS = 4_096;

interface SeenContent {
  readonly v: 1;
  readonly spaces: readonly (SpaceMark & { readonly space: Uint8Array })[];
  readonly arrivals: ArrivalMark | null;
  readonly eventCursor: number;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const peaks = v.pipe(
  v.string(),
  v.maxLength(MAX_PEAKS_CHARS),
  v.check((text) => decodeBytes(text) !== null),
  v.transform((text) => decodeBytes(text) ?? new Uint8Array(0)),
);
const place = v.pipe(v.strictObject({ size: count, peaks }), v.check(isTreePlace));
const head = v.strictObject({
  device: bytesField(limits.ID_BYTES),
  size: count,
  root: bytesField(limits.KEY_BYTES),
  counter: count,
  hour: u32Field,
  checked: v.boolean(),
});
const space = v.strictObject({
  space: bytesField(limits.ID_BYTES),
  tip: place,
  past: v.pipe(v.array(place), v.maxLength(MAX_PLACES)),
  heads: v.pipe(v.array(head), v.maxLength(limits.MAX_DEVICES)),
  counter: count,
  refetch: v.boolean(),
});
const arrivalMark = v.strictObject({
  base: place,
  tip: place,
  heads: v.pipe(v.array(head), v.maxLength(limits.MAX_DEVICES)),
});
const file: v.GenericSchema<unknown, SeenContent> = v.strictObject({
  v: v.literal(1),
  spaces: v.pipe(v.array(space), v.maxLength(limits.MAX_SPACES)),
  arrivals: v.nullable(arrivalMark),
  eventCursor: count,
});

const NOTHING: SeenContent = { v: 1, spaces: [], arrivals: null, eventCursor: 0 };

// Several spaces of one process share a profile: their changes wait for each other.
const queues = new WeakMap<Profile, Promise<unknown>>();

/** All functions throw SdkError `profile_damaged`. Only one process at a time may write: `profile.exclusively`. */
export function openSeen(profile: Profile): Seen {
  const read = async (): Promise<SeenContent> => {
    const content = await profile.read('seen');
    return content === null ? NOTHING : parseSeen(content);
  };
  const change = async (edit: (content: SeenContent) => SeenContent): Promise<void> => {
    const run = afterLast(queues.get(profile), async () => {
      await profile.write('seen', encodeUtf8(encodeJson(edit(await read()))));
    });
    queues.set(profile, run);
    await run;
  };
  return {
    async space(id) {
      const { spaces } = await read();
      return spaces.find((each) => equalBytes(each.space, id)) ?? null;
    },
    keepSpace: (id, mark) =>
      change((content) => {
        const others = content.spaces.filter((each) => !equalBytes(each.space, id));
        return { ...content, spaces: [...others, markOf(id, mark)] };
      }),
    arrivals: async () => (await read()).arrivals,
    keepArrivals: (mark) => change((content) => ({ ...content, arrivals: mark === null ? null : arrivalMarkOf(mark) })),
    eventCursor: async () => (await read()).eventCursor,
    setEventCursor: (number) => change((content) => ({ ...content, eventCursor: number })),
  };
}

async function afterLast(last: Promise<unknown> | undefined, work: () => Promise<void>): Promise<void> {
  await last?.catch(() => undefined);
  await work();
}

/** @throws SdkError `profile_damaged` */
export function parseSeen(content: Uint8Array): SeenContent {
  const parsed = parseStored(file, jsonOf(content));
  if (parsed === null) throw new SdkError('profile_damaged', 'the file of what this device has seen cannot be read');
  return parsed;
}

function jsonOf(content: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(content) ?? '');
  } catch {
    return null;
  }
}

// Field by field: nothing that a caller's object has besides gets into the strict file.
function markOf(id: Uint8Array, { tip, past, heads, counter, refetch }: SpaceMark): SeenContent['spaces'][number] {
  return { space: id, tip: placeOf(tip), past: past.map(placeOf), heads: heads.map(headOf), counter, refetch };
}

function arrivalMarkOf({ base, tip, heads }: ArrivalMark): ArrivalMark {
  return { base: placeOf(base), tip: placeOf(tip), heads: heads.map(headOf) };
}

function placeOf({ size, peaks }: TreePlace): TreePlace {
  return { size, peaks };
}

function headOf({ device, size, root, counter, hour, checked }: KnownHead): KnownHead {
  return { device, size, root, counter, hour, checked };
}
