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
  const existing = await services.store.db
    .selectFrom('hold')
    .select(['blob', 'size_bytes'])
    .where('account', '=', account)
    .where('id', '=', input.hold)
    .executeTakeFirst();
  if (existing !== undefined) {
    if (existing.size_bytes !== sizeBytes) throw new Refused('exists_differently');
    return { hold: input.hold, blob: existing.blob, sizeBytes };
  }
  const { used_bytes: used, quota_bytes: quota } = await services.store.db
    .selectFrom('account')
    .select(['used_bytes', 'quota_bytes'])
    .where('id', '=', account)
    .executeTakeFirstOrThrow();
  if (used + sizeBytes > quota) throw new Refused('quota_full');

  const blob = new Uint8Array(randomBytes(16));
  if (sizeBytes <= limits.INLINE_BLOB_BYTES) {
    await services.store.write('addBlob', { id: blob, sizeBytes, content: new Uint8Array(body), file: null });
  } else {
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
  }
  return services.store.write('addHold', { account, hold: input.hold, blob, sizeBytes });
}
