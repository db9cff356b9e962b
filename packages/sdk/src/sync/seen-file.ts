/** The profile file `seen`: JSON with marks of spaces, of the log of arrivals, and the cursor of events. */
import { decodeBytes, encodeJson, limits } from '@latchkey/protocol/wire';
import * as v from 'valibot';
import { SdkError } from '../errors.ts';
import type { Profile } from '../ports.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { isTreePlace } from './log-tree.ts';
import type { ArrivalMark, SpaceMark } from './marks.ts';
import { decodeUtf8, encodeUtf8 } from './utf8-text.ts';

/** What a device has seen, lastingly. */
export interface Seen {
  space(id: Uint8Array): Promise<SpaceMark | null>;
  keepSpace(id: Uint8Array, mark: SpaceMark): Promise<void>;
  arrivals(): Promise<ArrivalMark | null>;
  keepArrivals(mark: ArrivalMark): Promise<void>;
  /** Number of the last event that was handled; 0 before the first. */
  eventCursor(): Promise<number>;
  setEventCursor(number: number): Promise<void>;
}

// More old places than there are powers of two cannot be.
const MAX_PLACES = 64;
const MAX_PEAKS_BYTES = 64 * 32;

interface SeenContent {
  readonly v: 1;
  readonly spaces: readonly (SpaceMark & { readonly space: Uint8Array })[];
  readonly arrivals: ArrivalMark | null;
  readonly eventCursor: number;
}

type Schema<T> = v.GenericSchema<unknown, T>;

function bytesUpTo(maxBytes: number): v.GenericSchema<string, Uint8Array> {
  return v.pipe(
    v.string(),
    v.maxLength(Math.ceil((maxBytes * 4) / 3)),
    v.check((text) => decodeBytes(text) !== null),
    v.transform((text) => decodeBytes(text) ?? new Uint8Array(0)),
  );
}

function bytes(lengthBytes: number): v.GenericSchema<string, Uint8Array> {
  return v.pipe(
    bytesUpTo(lengthBytes),
    v.check((value) => value.length === lengthBytes),
  );
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const hour = v.pipe(count, v.maxValue(0xffff_ffff));
const place = v.pipe(v.strictObject({ size: count, peaks: bytesUpTo(MAX_PEAKS_BYTES) }), v.check(isTreePlace));
const head = v.strictObject({
  device: bytes(limits.ID_BYTES),
  size: count,
  root: bytes(limits.KEY_BYTES),
  counter: count,
  hour,
  checked: v.boolean(),
});
const space = v.strictObject({
  space: bytes(limits.ID_BYTES),
  tip: place,
  past: v.pipe(v.array(place), v.maxLength(MAX_PLACES)),
  heads: v.pipe(v.array(head), v.maxLength(limits.MAX_DEVICES)),
  counter: count,
  refetch: v.boolean(),
});
const arrivals = v.strictObject({ base: place, tip: v.strictObject({ size: count, root: bytes(limits.KEY_BYTES) }) });
const file: Schema<SeenContent> = v.strictObject({
  v: v.literal(1),
  spaces: v.pipe(v.array(space), v.maxLength(limits.MAX_SPACES)),
  arrivals: v.nullable(arrivals),
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
      await profile.write('seen', formatSeen(edit(await read())));
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
    keepArrivals: ({ base, tip }) => change((content) => ({ ...content, arrivals: { base, tip } })),
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
  let value: unknown;
  try {
    value = JSON.parse(decodeUtf8(content) ?? '');
  } catch {
    value = null;
  }
  const parsed = v.safeParse(file, value, { abortEarly: true });
  if (!parsed.success) throw new SdkError('profile_damaged', 'the file of what this device has seen cannot be read');
  return parsed.output;
}

function formatSeen(content: SeenContent): Uint8Array {
  return encodeUtf8(encodeJson(content));
}

// Field by field: nothing that a caller's object has besides gets into the strict file.
function markOf(id: Uint8Array, { tip, past, heads, counter, refetch }: SpaceMark): SeenContent['spaces'][number] {
  return {
    space: id,
    tip: { size: tip.size, peaks: tip.peaks },
    past: past.map(({ size, peaks }) => ({ size, peaks })),
    heads: heads.map(({ device, size, root, counter, hour, checked }) => ({
      device,
      size,
      root,
      counter,
      hour,
      checked,
    })),
    counter,
    refetch,
  };
}
