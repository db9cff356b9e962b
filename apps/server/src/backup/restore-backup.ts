import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ServerError } from '../errors.ts';
import { writeSecret } from '../login/write-secret.ts';
import { SCHEMA_VERSION } from '../store/migrations.ts';
import { migrate } from '../store/migrate.ts';
import { openSqlite } from '../store/sqlite.ts';
import { hourOf } from '../times.ts';
import { parseBackedUpSecrets, parseBackupFacts, type BackupFacts } from './backup-facts.ts';
import { formatRestored } from './restored.ts';

export interface RestoreOptions {
  readonly backup: string;
  /** Absent or empty. */
  readonly dataDir: string;
  /** `secrets.age`, opened by its owner. */
  readonly secretsText: string;
  readonly nowMs: number;
}

const maxSumsBytes = 1_073_741_824;
const sumLine = /^([0-9a-f]{64}) {2}(latchkey\.db|secrets\.age|backup\.json|blobs\/([0-9a-f]{2})\/\3[0-9a-f]{30})$/;

/**
 * A data folder out of a backup, whole or not there. The key log of it is closed until it was compared with what its
 * witnesses have seen since (key-log/reopen-log.ts).
 *
 * @throws ServerError `backup_damaged`, `data_newer`, `output_exists`
 */
export async function restoreBackup({ backup, dataDir, secretsText, nowMs }: RestoreOptions): Promise<BackupFacts> {
  const secrets = parseBackedUpSecrets(secretsText);
  const sums = readSums(backup);
  const facts = parseBackupFacts(readText(join(backup, 'backup.json')));
  if (facts.schema > SCHEMA_VERSION) {
    throw new ServerError(
      'data_newer',
      `a newer version wrote this backup (schema ${facts.schema}; here ${SCHEMA_VERSION})`,
    );
  }
  if (sums.size !== facts.blobFiles + 3) throw new ServerError('backup_damaged', 'SHA256SUMS has not every file');
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new ServerError('output_exists', `${dataDir} is not empty: nothing is ever restored over data`);
  }
  const aside = `${dataDir}.restoring`;
  await rm(aside, { recursive: true, force: true });
  mkdirSync(join(aside, 'blobs'), { recursive: true, mode: 0o700 });
  mkdirSync(join(aside, 'secrets'), { mode: 0o700 });
  try {
    for (const [name, sum] of sums) {
      const isData = name === 'latchkey.db' || name.startsWith('blobs/');
      await copyChecked(join(backup, name), isData ? join(aside, name) : null, sum);
    }
    for (const [name, text] of Object.entries(secrets)) writeSecret(join(aside, 'secrets', name), text);
    await noteRestored(join(aside, 'latchkey.db'), { backupHour: facts.hour, restoredHour: hourOf(nowMs) });
    if (existsSync(dataDir)) rmdirSync(dataDir);
    renameSync(aside, dataDir);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
  return facts;
}

async function noteRestored(file: string, hours: { backupHour: number; restoredHour: number }): Promise<void> {
  await migrate(file);
  await rm(`${file}.before-${SCHEMA_VERSION}`, { force: true });
  const connection = openSqlite({ file, mode: 'write' });
  try {
    const value = formatRestored({ ...hours, keyLog: 'closed' });
    await connection.db
      .insertInto('setting')
      .values({ name: 'restored', value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  } finally {
    connection.close();
  }
}

/** Every file of the backup with its SHA-256; nothing that is not of a backup is ever opened. */
function readSums(backup: string): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const line of readText(join(backup, 'SHA256SUMS')).split('\n')) {
    if (line === '') continue;
    const [, sum, name] = sumLine.exec(line) ?? [];
    if (sum === undefined || name === undefined || sums.has(name)) {
      throw new ServerError('backup_damaged', 'SHA256SUMS is not that of a backup');
    }
    sums.set(name, sum);
  }
  for (const name of ['latchkey.db', 'secrets.age', 'backup.json']) {
    if (!sums.has(name)) throw new ServerError('backup_damaged', `${name} is missing`);
  }
  return sums;
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > maxSumsBytes) throw new RangeError('too large');
    return bytes.toString('utf8');
  } catch (cause) {
    throw new ServerError('backup_damaged', `${path} cannot be read`, { cause });
  }
}

/** @throws ServerError `backup_damaged` where the file is not there or not what was backed up */
async function copyChecked(from: string, to: string | null, sum: string): Promise<void> {
  const hash = createHash('sha256');
  if (to !== null) mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  const handle = to === null ? null : await open(to, 'wx', 0o600);
  try {
    for await (const piece of createReadStream(from, { highWaterMark: 1_048_576 }) as AsyncIterable<Buffer>) {
      hash.update(piece);
      await handle?.writeFile(piece);
    }
    await handle?.datasync();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new ServerError('backup_damaged', `${from} is missing`, { cause });
    }
    throw cause;
  } finally {
    await handle?.close();
  }
  if (hash.digest('hex') !== sum) throw new ServerError('backup_damaged', `${from} is not what was backed up`);
}
