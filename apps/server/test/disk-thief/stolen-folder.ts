/** Everything that a thief reads out of a copied data folder, before looking for anything. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placedRows } from './table-pages.ts';

export type Value = Uint8Array | string | number | null;

export interface StolenRow {
  readonly table: string;
  readonly values: Readonly<Record<string, Value>>;
  /** Pages of the file on which its larger contents lie. */
  readonly pages: readonly number[];
}

export interface StolenFile {
  /** Path within the folder. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly inode: number;
  readonly changedMs: number;
  readonly bornMs: number;
}

export interface StolenFolder {
  readonly rows: readonly StolenRow[];
  readonly files: readonly StolenFile[];
}

/** @param change made to the copy before it is read: a leak planted on purpose */
export function stealFolder(data: string, change: (database: DatabaseSync) => void = () => undefined): StolenFolder {
  const copy = mkdtempSync(join(tmpdir(), 'latchkey-stolen-'));
  try {
    // As it lies there: the log not yet folded in, free pages with whatever is in them.
    cpSync(data, copy, { recursive: true, preserveTimestamps: true });
    const path = join(copy, 'latchkey.db');
    const log = readFileSync(join(copy, 'latchkey.db-wal'));
    const database = new DatabaseSync(path);
    change(database);
    database.exec('pragma wal_checkpoint(truncate)');
    const rows = readRows(database, readFileSync(path));
    database.close();
    const files = readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(copy, name)).isFile(),
    );
    return {
      rows,
      files: files.map((name) => {
        // The copy has the bytes; order and times are those of the original.
        const { ino, ctimeMs, birthtimeMs } = statSync(join(data, name), { throwIfNoEntry: false }) ?? statSync(path);
        const bytes = name.endsWith('-wal') ? log : readFileSync(join(copy, name));
        return { name, bytes, inode: ino, changedMs: ctimeMs, bornMs: birthtimeMs };
      }),
    };
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function readRows(database: DatabaseSync, file: Buffer): StolenRow[] {
  const tables = database.prepare(`select name, rootpage from sqlite_schema where type = 'table'`).all();
  return tables.flatMap((found) => {
    const table = String(found['name']);
    const columns = database.prepare(`pragma table_info(${table})`).all();
    const key = columns
      .filter((column) => Number(column['pk']) > 0)
      .toSorted((a, b) => Number(a['pk']) - Number(b['pk']));
    const keyNames = key.map((column) => String(column['name']));
    const placed = new Map(
      placedRows(file, Number(found['rootpage'])).map((row) => [
        row.columns.slice(0, keyNames.length).map(asText).join(' '),
        row.overflow,
      ]),
    );
    return database
      .prepare(`select * from ${table}`)
      .all()
      .map((values): StolenRow => {
        const name = keyNames.map((column) => asText(values[column] as Value)).join(' ');
        const pages = placed.get(name);
        if (pages === undefined) throw new Error(`a row of ${table} was not found on its page`);
        return { table, values: values as Record<string, Value>, pages };
      });
  });
}

export function asText(value: Value): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}
