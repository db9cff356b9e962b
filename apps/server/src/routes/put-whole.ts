import { createHash, randomBytes } from 'node:crypto';
import { limits } from '@latchkey/protocol/wire';
import type { Call } from '../http/call.ts';
import { readBody } from '../http/read-body.ts';
import { Refused } from '../store/refused.ts';
import type { Placed } from '../writes/blobs.ts';
import { bodyHash } from './body-hash.ts';

/** A blob in one call: small ones go into the database, so that a message costs one commit and no file. */
export async function putWhole({ services, input, session, incoming }: Call<'holdsPut'>): Promise<Placed> {
  const { account } = session;
  const wanted = bodyHash(incoming);
  const body = await readBody(incoming, limits.PART_BYTES);
  if (Buffer.compare(createHash('sha256').update(body).digest(), wanted) !== 0) throw new Refused('part_damaged');
  const sizeBytes = body.length;
  const { hold } = input;
  if (sizeBytes <= limits.INLINE_BLOB_BYTES) {
    const content = new Uint8Array(body);
    return same(
      await services.store.write('addHeldBlob', { account, hold, blob: newId(), sizeBytes, content }),
      sizeBytes,
    );
  }
  const existing = await services.store.db
    .selectFrom('hold')
    .select(['blob', 'size_bytes as sizeBytes'])
    .where('account', '=', account)
    .where('id', '=', hold)
    .executeTakeFirst();
  if (existing !== undefined) return same({ hold, ...existing }, sizeBytes);
  // Asked before anything is written to a file, and once more when it counts.
  const { used_bytes: used, quota_bytes: quota } = await services.store.db
    .selectFrom('account')
    .select(['used_bytes', 'quota_bytes'])
    .where('id', '=', account)
    .executeTakeFirstOrThrow();
  if (used + sizeBytes > quota) throw new Refused('quota_full');

  const blob = newId();
  const file = Buffer.from(blob).toString('hex');
  const handle = await services.blobs.openForParts(file);
  try {
    await handle.writeFile(body);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await services.blobs.roundTimes(file);
  await services.store.write('addBlob', { id: blob, sizeBytes, content: null, file });
  return same(await services.store.write('addHold', { account, hold, blob, sizeBytes }), sizeBytes);
}

function newId(): Uint8Array {
  return new Uint8Array(randomBytes(16));
}

/** What a repeated call finds is what the first one placed. */
function same(placed: Placed, sizeBytes: number): Placed {
  if (placed.sizeBytes !== sizeBytes) throw new Refused('exists_differently');
  return placed;
}
