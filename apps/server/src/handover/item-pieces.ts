import { decodeShortHeader } from '@latchkey/protocol/wire';
import type { BlobFiles } from '../blobs/blob-files.ts';
import type { Db } from '../store/sqlite.ts';

const readBytes = 1_048_576;
const ageBegins = Buffer.from('age-encryption.org/v1\n');

export interface StoredItem {
  readonly blob: Uint8Array;
  /** Short, as it is stored. */
  readonly header: Uint8Array | null;
}

export interface ItemPieces {
  /** Whether header and payload, or the blob alone, are a whole age file. */
  readonly isAge: boolean;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/**
 * `header ‖ payload` in pieces, with the header as the text that age programs read. A stored header that is not in its
 * form is left to the tables.
 *
 * @returns null where the blob's bytes are not there
 */
export async function itemPieces(
  { db, blobs }: { readonly db: Db; readonly blobs: BlobFiles },
  { blob, header: short }: StoredItem,
): Promise<ItemPieces | null> {
  const row = await db.selectFrom('blob').select(['content', 'file']).where('id', '=', blob).executeTakeFirst();
  if (row === undefined) return null;
  const header = short === null ? null : decodeShortHeader(short);
  if (row.content !== null) {
    const pieces = header === null ? [row.content] : [header, row.content];
    return { isAge: beginsLikeAge(pieces[0]), pieces: inTurn(pieces) };
  }
  const opened = row.file === null ? null : await openOrNull(blobs, row.file);
  if (opened === null) return null;
  const head = Buffer.alloc(ageBegins.length);
  await opened.read(head, 0, head.length, 0);
  const file = opened.createReadStream({ start: 0, highWaterMark: readBytes }) as AsyncIterable<Uint8Array>;
  return { isAge: beginsLikeAge(header ?? head), pieces: inTurn(header === null ? [] : [header], file) };
}

export async function openOrNull(
  blobs: BlobFiles,
  name: string,
): Promise<Awaited<ReturnType<BlobFiles['openForReading']>> | null> {
  try {
    return await blobs.openForReading(name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function* inTurn(first: readonly Uint8Array[], then?: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  if (then !== undefined) yield* then;
}

function beginsLikeAge(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && Buffer.compare(bytes.subarray(0, ageBegins.length), ageBegins) === 0;
}
