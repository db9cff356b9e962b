import { TlogError } from '../errors.ts';
import type { NoteSignature } from '../note/note.ts';

/** The u64 before the signature proper (C2SP tlog-cosignature, "Format"). */
export const COSIGNATURE_TIME_BYTES = 8;

/**
 * When a cosignature says that it was made, in POSIX seconds. It is signed, so verify the line first.
 * @throws TlogError `cosignature_malformed` where there is no time, or one past 2^53 − 1
 */
export function cosignatureTime(line: Pick<NoteSignature, 'signature'>): number {
  const time = readTime(line.signature);
  if (time === null) throw new TlogError('cosignature_malformed', 'not a cosignature: it has no time below 2^53');
  return time;
}

export function readTime(signature: Uint8Array): number | null {
  if (signature.length <= COSIGNATURE_TIME_BYTES) return null;
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  return time > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(time);
}
