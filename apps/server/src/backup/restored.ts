/** The setting `restored`: that this data came out of a backup, and what became of its key log. */
import * as v from 'valibot';
import type { Db } from '../store/sqlite.ts';

const hour = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const schema = v.strictObject({
  /** Since 1970-01-01T00Z. What happened after it is not here. */
  backupHour: hour,
  restoredHour: hour,
  /** `closed`: not compared yet with what its witnesses have seen. */
  keyLog: v.picklist(['closed', 'open']),
});

export type Restored = v.InferOutput<typeof schema>;

export function formatRestored(restored: Restored): string {
  return JSON.stringify(restored);
}

/** @returns null where this data was never restored */
export async function readRestored(db: Db): Promise<Restored | null> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', 'restored').executeTakeFirst();
  return row === undefined ? null : v.parse(schema, JSON.parse(row.value));
}
