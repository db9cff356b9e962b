import { createHash } from 'node:crypto';
import { parseCheckpoint, parseNote, type Checkpoint } from '@latchkey/tlog';
import { WitnessError } from '../errors.ts';

/** The newest head of one log that was cosigned, or was about to be. */
export interface Head {
  readonly checkpoint: Checkpoint;
  /** The log's note as it came: with the log's signature, evidence against a second head of this size. */
  readonly note: Uint8Array;
  /** The time in the cosignature, in seconds. No later cosignature of this key has an earlier one. */
  readonly timeSeconds: number;
}

const kind = 'latchkey-witness/head/v1';

/** Three lines, an empty one, and the note; the hash over the note tells a damaged disk from a log that lies. */
export function encodeHead({ note, timeSeconds }: Head): Uint8Array {
  return Buffer.concat([Buffer.from(`${kind}\ntime ${timeSeconds}\nsha256 ${hashOf(note)}\n\n`), note]);
}

/** @throws WitnessError `state_damaged` */
export function decodeHead(bytes: Uint8Array): Head {
  const whole = Buffer.from(bytes);
  const end = whole.indexOf('\n\n');
  const match = /^latchkey-witness\/head\/v1\ntime (0|[1-9][0-9]{0,15})\nsha256 ([0-9a-f]{64})$/.exec(
    whole.toString('latin1', 0, Math.max(end, 0)),
  );
  const [, time = '', hash = ''] = match ?? [];
  const note = new Uint8Array(whole.subarray(end + 2));
  const timeSeconds = Number(time);
  if (match === null || hash !== hashOf(note) || !Number.isSafeInteger(timeSeconds)) throw damaged();
  try {
    return { checkpoint: parseCheckpoint(parseNote(note).text), note, timeSeconds };
  } catch (cause) {
    throw damaged({ cause });
  }
}

function hashOf(note: Uint8Array): string {
  return createHash('sha256').update(note).digest('hex');
}

function damaged(options?: ErrorOptions): WitnessError {
  return new WitnessError(
    'state_damaged',
    'a head file is not as it was written: nothing may be signed with this key any more. Retire it and make a new one',
    options,
  );
}
