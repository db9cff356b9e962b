import { createHash } from 'node:crypto';
import { receivePart } from '../blobs/receive-part.ts';
import { sendBlob } from '../blobs/send-blob.ts';
import { partCount, partPlace } from '../blobs/upload-shape.ts';
import type { Handlers } from '../http/call.ts';
import { Refused } from '../store/refused.ts';
import { bodyHash } from './body-hash.ts';
import { putWhole } from './put-whole.ts';

type Names =
  | 'holdsPut'
  | 'holdsRead'
  | 'holdsList'
  | 'holdsRemove'
  | 'uploadsCreate'
  | 'uploadsPart'
  | 'uploadsList'
  | 'uploadsComplete'
  | 'uploadsAbort';

const partsListed = 1_024;

/** Parts that are being written now: two bodies must not be mixed in one place. */
const busy = new Set<string>();

export const blobHandlers: Pick<Handlers, Names> = {
  holdsPut: putWhole,

  async uploadsCreate({ services, input, session }) {
    const file = services.blobs.newName();
    const { upload, sizeBytes } = input;
    await services.store.write('createUpload', { account: session.account, upload, sizeBytes, file });
    return {};
  },

  async uploadsPart({ services, input, session, incoming }) {
    const { account } = session;
    const { upload, part } = input;
    const wanted = bodyHash(incoming);
    const row = await services.store.db
      .selectFrom('upload')
      .select(['size_bytes', 'file'])
      .where('account', '=', account)
      .where('id', '=', upload)
      .executeTakeFirst();
    const place = row === undefined ? null : partPlace(row.size_bytes, part);
    if (row === undefined || place === null) throw new Refused('not_found');
    const name = `${row.file} ${part}`;
    if (busy.has(name)) throw new Refused('busy', 1);
    busy.add(name);
    try {
      // From here on the place may hold anything: a part that is there no longer counts.
      await services.store.write('forgetPart', { account, upload, part });
      const handle = await services.blobs.openForParts(row.file);
      try {
        const hash = await receivePart(incoming, { handle, ...place });
        if (Buffer.compare(hash, wanted) !== 0) throw new Refused('part_damaged');
      } finally {
        await handle.close();
      }
      await services.store.write('addPart', { account, upload, part, hash: wanted });
      return {};
    } finally {
      busy.delete(name);
    }
  },

  async uploadsList({ services, input, session }) {
    const { account } = session;
    const { db } = services.store;
    const row = await db
      .selectFrom('upload')
      .select('size_bytes')
      .where('account', '=', account)
      .where('id', '=', input.upload)
      .executeTakeFirst();
    if (row === undefined) throw new Refused('not_found');
    const parts = await db
      .selectFrom('upload_part')
      .select(['part', 'hash'])
      .where('account', '=', account)
      .where('upload', '=', input.upload)
      .where('part', '>', input.after ?? -1)
      .orderBy('part')
      .limit(partsListed + 1)
      .execute();
    return { sizeBytes: row.size_bytes, parts: parts.slice(0, partsListed), more: parts.length > partsListed };
  },

  async uploadsComplete({ services, input, session }) {
    const { account } = session;
    const { db } = services.store;
    const row = await db
      .selectFrom('upload')
      .select(['size_bytes', 'file'])
      .where('account', '=', account)
      .where('id', '=', input.upload)
      .executeTakeFirst();
    // Where there is no upload any more the write finds the hold that it became.
    if (row === undefined) {
      return services.store.write('completeUpload', { account, upload: input.upload, blob: new Uint8Array() });
    }
    const parts = await db
      .selectFrom('upload_part')
      .select('hash')
      .where('account', '=', account)
      .where('upload', '=', input.upload)
      .orderBy('part')
      .execute();
    if (parts.length !== partCount(row.size_bytes)) throw new Refused('upload_incomplete');
    const digest = createHash('sha256');
    for (const { hash } of parts) digest.update(hash);
    if (Buffer.compare(digest.digest(), input.digest) !== 0) throw new Refused('part_damaged');
    await services.blobs.roundTimes(row.file);
    // The blob is named like its file, so that a repeated call cannot make two blobs of one file.
    const blob = new Uint8Array(Buffer.from(row.file, 'hex'));
    await services.store.write('addBlob', { id: blob, sizeBytes: row.size_bytes, content: null, file: row.file });
    return services.store.write('completeUpload', { account, upload: input.upload, blob });
  },

  async uploadsAbort({ services, input, session }) {
    const { file } = await services.store.write('abortUpload', { account: session.account, upload: input.upload });
    await services.blobs.remove(file);
    return {};
  },

  async holdsRead({ services, input, session, incoming }) {
    const row = await services.store.db
      .selectFrom('hold')
      .select('blob')
      .where('account', '=', session.account)
      .where('id', '=', input.hold)
      .executeTakeFirst();
    if (row === undefined) throw new Refused('not_found');
    return sendBlob(services, row.blob, incoming.headers.range);
  },

  async holdsList({ services, input, session }) {
    const rows = await services.store.db
      .selectFrom('hold')
      .select(['id as hold', 'size_bytes as sizeBytes', 'header'])
      .where('account', '=', session.account)
      .where('id', '>', input.after ?? new Uint8Array())
      .orderBy('id')
      .limit(input.limit + 1)
      .execute();
    return { holds: rows.slice(0, input.limit), more: rows.length > input.limit };
  },

  async holdsRemove({ services, input, session }) {
    return services.store.write('removeHolds', { account: session.account, holds: input.holds });
  },
};
