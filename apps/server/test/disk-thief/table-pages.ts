/** Reads a SQLite file as it lies on the disk: which row stands on which page, and on which pages its overflow is. */

export interface PlacedRow {
  /** The bytes of its first columns, as many as stand in the page itself. */
  readonly columns: readonly (Uint8Array | string | number | null)[];
  readonly page: number;
  /** Pages of the overflow, in order; empty where all fits. */
  readonly overflow: readonly number[];
}

const leaf = 0x0a;
const interior = 0x02;

/** All rows of a table that has its key as order (`without rowid`; docs: sqlite.org/fileformat2.html). */
export function placedRows(file: Buffer, rootPage: number): PlacedRow[] {
  const shape = shapeOf(file);
  const rows: PlacedRow[] = [];
  const visit = (page: number): void => {
    const base = page === 1 ? 100 : 0;
    const bytes = pageOf(file, shape, page);
    const kind = bytes[base];
    if (kind !== leaf && kind !== interior)
      throw new Error(`page ${page} is of the kind ${kind}: a table with row ids?`);
    const cells = bytes.readUInt16BE(base + 3);
    const list = base + (kind === interior ? 12 : 8);
    for (let cell = 0; cell < cells; cell++) {
      let at = bytes.readUInt16BE(list + 2 * cell);
      if (kind === interior) {
        visit(bytes.readUInt32BE(at));
        at += 4;
      }
      rows.push(readCell(file, shape, { page, at }));
    }
    if (kind === interior) visit(bytes.readUInt32BE(base + 8));
  };
  visit(rootPage);
  return rows;
}

interface Shape {
  readonly pageBytes: number;
  readonly usableBytes: number;
}

function shapeOf(file: Buffer): Shape {
  const written = file.readUInt16BE(16);
  const pageBytes = written === 1 ? 65_536 : written;
  return { pageBytes, usableBytes: pageBytes - (file[20] ?? 0) };
}

function pageOf(file: Buffer, { pageBytes }: Shape, page: number): Buffer {
  return file.subarray((page - 1) * pageBytes, page * pageBytes);
}

function readCell(file: Buffer, shape: Shape, { page, at }: { page: number; at: number }): PlacedRow {
  const bytes = pageOf(file, shape, page);
  const [payloadBytes, start] = varint(bytes, at);
  const { usableBytes } = shape;
  const most = Math.floor(((usableBytes - 12) * 64) / 255) - 23;
  const least = Math.floor(((usableBytes - 12) * 32) / 255) - 23;
  const cut = least + ((payloadBytes - least) % (usableBytes - 4));
  const local = payloadBytes <= most ? payloadBytes : cut <= most ? cut : least;
  const overflow: number[] = [];
  if (local < payloadBytes) {
    let next = bytes.readUInt32BE(start + local);
    while (next !== 0) {
      overflow.push(next);
      next = pageOf(file, shape, next).readUInt32BE(0);
    }
  }
  return { columns: localColumns(bytes.subarray(start, start + local)), page, overflow };
}

function localColumns(record: Buffer): PlacedRow['columns'] {
  const columns: (Uint8Array | string | number | null)[] = [];
  const [headBytes, first] = varint(record, 0);
  let at = headBytes;
  for (let head = first; head < headBytes;) {
    const [type, after] = varint(record, head);
    head = after;
    const size = sizeOf(type);
    if (at + size > record.length) break;
    columns.push(valueOf(type, record.subarray(at, at + size)));
    at += size;
  }
  return columns;
}

function sizeOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type] ?? 0;
}

function valueOf(type: number, bytes: Buffer): Uint8Array | string | number | null {
  if (type >= 12) return type % 2 === 0 ? bytes : bytes.toString('utf8');
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  return bytes.length === 8 ? Number(bytes.readBigInt64BE(0)) : bytes.readIntBE(0, bytes.length);
}

function varint(bytes: Buffer, start: number): [value: number, after: number] {
  let value = 0;
  for (let at = start; at < start + 8; at++) {
    const byte = bytes[at] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + 1];
  }
  throw new Error('a number of nine bytes: not in a file of this size');
}
