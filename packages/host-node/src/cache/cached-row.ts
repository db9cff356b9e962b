/** Rows of the cache with a checksum each: SQLite notices a damaged page only where it breaks its own form. */
import { crc32 } from 'node:zlib';
import type { CachedLog, CachedRecord } from '@latchkey/sdk/ports';
import { DamagedCacheError } from './damaged-cache-error.ts';

/** As SQLite gives it. */
type Row = Readonly<Record<string, unknown>>;

export function sumOfRecord(space: Uint8Array, { record, version, epoch, sealed }: CachedRecord): number {
  return crc32(sealed, crc32(record, crc32(`${version} ${epoch} `, crc32(space))));
}

export function sumOfLog(space: Uint8Array, { size, peaks, awaited }: CachedLog): number {
  return crc32(peaks, crc32(`${size} ${awaited} `, crc32(space)));
}

/** @throws DamagedCacheError */
export function recordOfRow(space: Uint8Array, row: Row): CachedRecord {
  const { record, version, epoch, sealed, sum } = row;
  if (!(record instanceof Uint8Array && sealed instanceof Uint8Array)) throw damaged();
  if (typeof version !== 'number' || typeof epoch !== 'number') throw damaged();
  const cached = { record, version, epoch, sealed };
  if (sumOfRecord(space, cached) !== sum) throw damaged();
  return cached;
}

/** @throws DamagedCacheError */
export function logOfRow(space: Uint8Array, row: Row): CachedLog {
  const { size, peaks, awaited, sum } = row;
  if (!(peaks instanceof Uint8Array) || typeof size !== 'number' || typeof awaited !== 'number') throw damaged();
  const log = { size, peaks, awaited };
  if (sumOfLog(space, log) !== sum) throw damaged();
  return log;
}

function damaged(): DamagedCacheError {
  return new DamagedCacheError('a row that is not as it was written');
}
