import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sealSmall } from '@latchkey/crypto/seal-only';
import { nodeSealer } from '@latchkey/crypto/seal-node';
import { ServerError } from '../errors.ts';
import { OutFolder, type Manifest } from '../handover/out-folder.ts';
import { readHeads } from '../key-log/read-heads.ts';
import { databaseFile } from '../store/database-file.ts';
import { schemaVersion } from '../store/migrate.ts';
import { openSqlite, type Connection } from '../store/sqlite.ts';
import { hourOf } from '../times.ts';
import { BACKED_UP_SECRETS, formatBackedUpSecrets, type BackedUpSecrets, type BackupFacts } from './backup-facts.ts';

export interface BackupOptions {
  readonly dataDir: string;
  /** A folder that is not there yet. */
  readonly out: string;
  /** `age1pq1…` of the operator. */
  readonly recipient: string;
  readonly version: string;
  readonly nowMs: number;
}

export interface BackedUp {
  readonly facts: BackupFacts;
  readonly manifest: Manifest;
  /** Files of blobs that somebody holds and that were not there to be copied. */
  readonly missing: readonly string[];
}

/**
 * One state of all rows, every blob that they name, and the server's own secrets, sealed: docs/spec/17-backup.md. Beside a
 * running server, which goes on writing.
 *
 * @throws ServerError `data_missing`, `data_newer`, `output_exists`; CryptoError `recipient_malformed`
 */
export async function writeBackup(options: BackupOptions): Promise<BackedUp> {
  const { dataDir, out: path, recipient, version, nowMs } = options;
  const file = databaseFile(dataDir);
  if (!existsSync(file)) throw new ServerError('data_missing', `there is no data in ${dataDir}`);
  // First, so that a mistyped recipient costs nothing.
  const sealed = await sealSmall(nodeSealer, recipient, Buffer.from(formatBackedUpSecrets(readSecrets(dataDir))));
  const out = await OutFolder.create(path);
  const copy = join(path, 'latchkey.db.new');
  const live = openSqlite({ file, mode: 'read' });
  try {
    live.snapshotTo(copy);
  } finally {
    live.close();
  }
  const snapshot = openSqlite({ file: copy, mode: 'write' });
  try {
    const { copied, missing } = await copyBlobs(snapshot, dataDir, out);
    const facts = await factsOf(snapshot, { version, nowMs, blobFiles: copied });
    snapshot.close();
    await out.put('latchkey.db', createReadStream(copy));
    for (const suffix of ['', '-wal', '-shm']) await rm(`${copy}${suffix}`, { force: true });
    await out.put('secrets.age', [sealed]);
    await out.text('backup.json', `${JSON.stringify(facts, null, 2)}\n`);
    return { facts, manifest: await out.finish(), missing };
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    throw error;
  }
}

function readSecrets(dataDir: string): BackedUpSecrets {
  const files: BackedUpSecrets = {};
  for (const name of BACKED_UP_SECRETS) {
    const path = join(dataDir, 'secrets', name);
    if (existsSync(path)) files[name] = readFileSync(path, 'utf8').trim();
  }
  if (files['opaque-setup'] === undefined) throw new ServerError('data_missing', 'start the server once before');
  return files;
}

interface Copied {
  readonly copied: number;
  readonly missing: readonly string[];
}

/**
 * Files do not change once they are whole, and go 48 hours after nobody names them any more. So the snapshot's rows come
 * first, and what they name is there; but for what nobody held even then, and uploads that were given up meanwhile: their
 * rows are taken out of the snapshot.
 */
async function copyBlobs({ db }: Connection, dataDir: string, out: OutFolder): Promise<Copied> {
  const missing: string[] = [];
  let copied = 0;
  const pathOf = (name: string): string => join(dataDir, 'blobs', name.slice(0, 2), name);
  const put = async (name: string): Promise<boolean> => {
    if (!existsSync(pathOf(name))) return false;
    await out.put(`blobs/${name.slice(0, 2)}/${name}`, createReadStream(pathOf(name)));
    copied += 1;
    return true;
  };
  const blobs = await db
    .selectFrom('blob')
    .select(['id', 'file', 'unnamed_on_day'])
    .where('file', 'is not', null)
    .execute();
  for (const { id, file, unnamed_on_day: unnamed } of blobs) {
    if (file === null || (await put(file))) continue;
    if (unnamed === null) missing.push(file);
    else await db.deleteFrom('blob').where('id', '=', id).execute();
  }
  for (const { account, id, file } of await db.selectFrom('upload').select(['account', 'id', 'file']).execute()) {
    if (await put(file)) continue;
    await db.deleteFrom('upload_part').where('account', '=', account).where('upload', '=', id).execute();
    await db.deleteFrom('upload').where('account', '=', account).where('id', '=', id).execute();
  }
  return { copied, missing };
}

async function factsOf(
  snapshot: Connection,
  { version, nowMs, blobFiles }: Pick<BackupOptions, 'version' | 'nowMs'> & Pick<BackupFacts, 'blobFiles'>,
): Promise<BackupFacts> {
  const { db } = snapshot;
  const origin = await db.selectFrom('setting').select('value').where('name', '=', 'origin').executeTakeFirst();
  const count = async (table: 'account' | 'blob'): Promise<number> =>
    (
      await db
        .selectFrom(table)
        .select((select) => select.fn.countAll<number>().as('found'))
        .executeTakeFirstOrThrow()
    ).found;
  const { keys, index } = await readHeads(db);
  return {
    latchkey: 'backup/v1',
    version,
    schema: await schemaVersion(snapshot),
    hour: hourOf(nowMs),
    origin: origin?.value ?? '',
    accounts: await count('account'),
    blobs: await count('blob'),
    blobFiles,
    keysSize: keys.signed?.size ?? 0,
    indexSize: index.signed?.size ?? 0,
  };
}
