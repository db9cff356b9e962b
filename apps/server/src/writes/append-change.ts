import { createHash } from 'node:crypto';
import type { WriteContext } from '../store/group-commit.ts';

/** What a line of the change log counts: it stays, whatever becomes of its record, and must not be free. */
export const CHANGE_BYTES = 128;

export interface RecordWrite {
  readonly account: Uint8Array;
  readonly space: Uint8Array;
  readonly record: Uint8Array;
  readonly version: number;
  readonly epoch: number;
  readonly sealed: Uint8Array;
  /** Place in the space's change log, from 1. */
  readonly number: number;
}

/** The record's newest version and its line in the change log; the caller has checked the version before. */
export async function appendChange({ db }: WriteContext, write: RecordWrite): Promise<void> {
  const { account, space, record, version, epoch, sealed, number } = write;
  await db
    .insertInto('record')
    .values({ account, space, id: record, version, epoch, number, sealed })
    .onConflict((conflict) =>
      conflict.columns(['account', 'space', 'id']).doUpdateSet({ version, epoch, number, sealed }),
    )
    .execute();
  const hash = createHash('sha256').update(sealed).digest();
  await db.insertInto('change').values({ account, space, number, record, version, epoch, hash }).execute();
}

export interface SpaceMove {
  readonly account: Uint8Array;
  readonly space: Uint8Array;
  readonly size: number;
  readonly growthBytes: number;
}

export async function moveSpace({ db }: WriteContext, { account, space, size, growthBytes }: SpaceMove): Promise<void> {
  await db.updateTable('space').set({ size }).where('account', '=', account).where('id', '=', space).execute();
  await db
    .updateTable('account')
    .set((set) => ({ used_bytes: set('used_bytes', '+', growthBytes) }))
    .where('id', '=', account)
    .execute();
}
