/** The leaf that one change adds to a space's log (docs/spec/07-spaces.md, "Change log"). */
import { type Engine, LABELS } from '@latchkey/crypto';
import { joinBytes, u32, u64 } from './byte-fields.ts';

export interface LoggedChange {
  readonly record: Uint8Array;
  readonly version: number;
  readonly epoch: number;
  /** SHA-256 of the sealed record. */
  readonly hash: Uint8Array;
}

/** 32 bytes. */
export async function changeLeaf(
  engine: Pick<Engine, 'sha256'>,
  { record, version, epoch, hash }: LoggedChange,
): Promise<Uint8Array> {
  return engine.sha256(joinBytes(LABELS.change.bytes, record, u64(version), u32(epoch), hash));
}
