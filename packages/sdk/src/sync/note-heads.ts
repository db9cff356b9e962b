/** Heads of all spaces in one sealed vault record for each device (docs/spec/07-spaces.md, "Noted heads"). */
import { encodeBytes, limits } from '@latchkey/protocol/wire';
import * as v from 'valibot';
import { bytesField, parseStored, u32Field } from '../account/stored-json.ts';
import { hourOfMs } from '../hours.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import type { LogTip, NotedTip, RecordBody, Space } from './types.ts';

const KIND = 'heads';
const VERSION = 1;
/** What stands for the space in the tip of the log of arrivals, which is in no space. */
export const ARRIVALS_SPACE: Uint8Array = new Uint8Array(limits.ID_BYTES);

export interface NoteHeadsOptions {
  /** 16 bytes: this device's record in the vault. */
  readonly device: Uint8Array;
  readonly nowMs: number;
  /** Of the other spaces and of the log of arrivals; the vault's own is added. */
  readonly tips: readonly LogTip[];
}

/** Writes nothing where nothing has come since the last note but that note itself. */
export async function noteHeads(vault: Space, { device, nowMs, tips }: NoteHeadsOptions): Promise<void> {
  const own = await vault.tip();
  const hour = hourOfMs(nowMs);
  const next = [own, ...tips].map(({ space, size, root }) => ({
    space: encodeBytes(space),
    size,
    root: encodeBytes(root),
  }));
  await vault.write([
    {
      id: await vault.nameRecord(KIND, device),
      knows: VERSION,
      change: (current) =>
        isSame(current, next) ? 'keep' : { kind: KIND, v: VERSION, device: encodeBytes(device), hour, tips: next },
    },
  ]);
}

/** What all devices noted, this one too: for `catchUp` of each space, and for the list of arrivals. */
export async function notedHeads(vault: Space): Promise<readonly NotedTip[]> {
  const noted: NotedTip[] = [];
  for await (const { body } of vault.entries(KIND)) {
    const heads = parseNotedHeads(body);
    if (heads === null) continue;
    for (const tip of heads.tips) noted.push({ ...tip, device: heads.device, hour: heads.hour });
  }
  return noted;
}

interface NotedHeads {
  readonly device: Uint8Array;
  readonly hour: number;
  readonly tips: readonly LogTip[];
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const tip = v.strictObject({
  space: bytesField(limits.ID_BYTES),
  size: count,
  root: bytesField(limits.KEY_BYTES),
});
const note: v.GenericSchema<unknown, NotedHeads> = v.strictObject({
  kind: v.literal(KIND),
  v: v.literal(VERSION),
  device: bytesField(limits.ID_BYTES),
  hour: u32Field,
  tips: v.pipe(v.array(tip), v.maxLength(limits.MAX_SPACES + 1)),
});

/** Null where it is another kind of record, or a newer form of this one. */
export function parseNotedHeads(body: RecordBody | null): NotedHeads | null {
  return parseStored(note, body);
}

interface FormattedTip {
  readonly space: string;
  readonly size: number;
  readonly root: string;
}

function isSame(current: RecordBody | null, next: readonly FormattedTip[]): boolean {
  const before = parseNotedHeads(current)?.tips;
  if (before?.length !== next.length) return false;
  return next.every(({ space, size, root }, index) => {
    const tip = before[index];
    if (tip === undefined || encodeBytes(tip.space) !== space) return false;
    // The first is the vault, which the note itself makes one longer.
    if (index === 0) return tip.size + 1 === size || tip.size === size;
    return tip.size === size && encodeBytes(tip.root) === root;
  });
}

/** Those of one space. */
export function tipsOf(noted: readonly NotedTip[], space: Uint8Array): readonly NotedTip[] {
  return noted.filter((tip) => equalBytes(tip.space, space));
}
