import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { BODY_HASH_HEADER } from '@latchkey/protocol/wire';
import { RawAnswer } from '../http/call.ts';
import { API_HEADERS } from '../http/headers.ts';
import type { Services } from '../services.ts';
import { Refused } from '../store/refused.ts';
import { parseRange } from './parse-range.ts';
import { pourFile } from './pour-file.ts';

/** So much is read at once, and its hash goes before it: a message's first chunk, a key list. */
const smallBytes = 131_072;

/** A blob or a byte range of it, from the database or its file, in constant memory. */
export async function sendBlob(
  services: Services,
  blob: Uint8Array,
  rangeHeader: string | undefined,
): Promise<RawAnswer> {
  const row = await services.store.db
    .selectFrom('blob')
    .select(['size_bytes', 'content', 'file'])
    .where('id', '=', blob)
    .executeTakeFirst();
  if (row === undefined) throw new Refused('not_found');
  const sizeBytes = row.size_bytes;
  const range = parseRange(rangeHeader, sizeBytes);
  if (range === 'outside') throw new Refused('range_outside');
  const { first, last } = range ?? { first: 0, last: sizeBytes - 1 };
  const headers = {
    ...API_HEADERS,
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment',
    'accept-ranges': 'bytes',
    'content-length': last - first + 1,
    ...(range === null ? {} : { 'content-range': `bytes ${first}-${last}/${sizeBytes}` }),
  };
  const status = range === null ? 200 : 206;
  if (row.content !== null) {
    const bytes = row.content.subarray(first, last + 1);
    return whole(bytes, status, headers);
  }
  const file = row.file;
  if (file === null) throw new Error('a blob has neither content nor file');
  const handle = await services.blobs.openForReading(file);
  if (last - first < smallBytes) {
    try {
      const bytes = Buffer.allocUnsafeSlow(last - first + 1);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, first);
      if (bytesRead !== bytes.length) throw new Error('a blob is shorter than its row says');
      return whole(bytes, status, headers);
    } finally {
      await handle.close();
    }
  }
  return new RawAnswer(async (outgoing: ServerResponse) => {
    outgoing.writeHead(status, headers);
    try {
      await pourFile(handle, { first, last }, outgoing);
      outgoing.end();
    } catch {
      // Whoever has begun to read is told by the end of the line, and goes on with a range.
      outgoing.destroy();
    } finally {
      await handle.close();
    }
  });
}

/** A reader that is told the hash can tell bytes that were damaged on the way from an item that was never sound. */
function whole(bytes: Uint8Array, status: number, headers: Readonly<Record<string, string | number>>): RawAnswer {
  const hash = createHash('sha256').update(bytes).digest('base64url');
  return new RawAnswer(async (outgoing) => {
    outgoing.writeHead(status, { ...headers, [BODY_HASH_HEADER]: hash }).end(bytes);
  });
}
