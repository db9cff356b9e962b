import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readRestored } from '../backup/restored.ts';
import type { Config } from '../config/config.ts';
import { databaseFile } from '../store/database-file.ts';
import { SCHEMA_VERSION } from '../store/migrations.ts';
import { holdLock, openSqlite, type Db } from '../store/sqlite.ts';
import { dayOf } from '../times.ts';
import { print, printJson, type Command } from './command.ts';
import { placeFindings, settingFindings, type Finding } from './doctor-findings.ts';

const enoughFreeBytes = 1_073_741_824;
/** Without the first nobody logs in any more, without the others the key log is another one. */
const neverMadeAnew = ['opaque-setup', 'log-key', 'vrf-key'];
const secretFiles = ['opaque-setup', 'seal-key', 'handover-key', 'log-key', 'vrf-key'];

export const doctor: Command = {
  name: 'doctor',
  operands: [],
  givesJson: true,
  summary: 'say what this program runs on, and what is not as it should be',
  async run({ read: { config }, version, json }) {
    const findings = await diagnose(config, version);
    if (json) printJson(findings);
    else {
      for (const { name, value, advice } of findings) {
        print(`${name}\t${value}${advice === null ? '' : `\n\t! ${advice}`}`);
      }
    }
    return findings.every(({ advice }) => advice === null) ? 0 : 1;
  },
};

/** Changes nothing; what runs goes on. */
export async function diagnose(config: Config & { readonly data: string }, version: string): Promise<Finding[]> {
  return [...program(version), ...settingFindings(config), ...(await dataFolder(config))];
}

const fine = (name: string, value: string): Finding => ({ name, value, advice: null });

function program(version: string): Finding[] {
  const hash = createHash('sha256').update(readFileSync(process.execPath)).digest('hex');
  return [
    fine('latchkey-server', `${version}, schema ${SCHEMA_VERSION}`),
    fine('node', `${process.versions.node}, SHA-256 ${hash}`),
    fine('sqlite', process.versions['sqlite'] ?? 'unknown'),
    fine('openssl', process.versions.openssl),
  ];
}

async function dataFolder(config: Config & { readonly data: string }): Promise<Finding[]> {
  const { data } = config;
  if (!existsSync(data)) return [fine('data', `${data} (absent: "latchkey-server start" makes it)`)];
  const isPrivate = (statSync(data).mode & 0o077) === 0;
  const { bavail, bsize } = statfsSync(data);
  const findings: Finding[] = [
    { name: 'data', value: data, advice: isPrivate ? null : `others can read it: chmod 700 ${data}` },
    {
      name: 'free',
      value: `${bavail * bsize} bytes`,
      advice: bavail * bsize >= enoughFreeBytes ? null : 'less than 1 GiB is left: writes will soon be refused',
    },
    ...placeFindings(data),
    fine('server', isRunning(data) ? 'running' : 'not running'),
    ...secretFiles.map((name) => secret(data, name)),
  ];
  const copies = readdirSync(data).filter((name) => name.includes('.before-'));
  if (copies.length > 0) {
    const advice = 'they still hold what owners removed since: remove them when this version runs well';
    findings.push({ name: 'copies', value: copies.join(', '), advice });
  }
  return existsSync(databaseFile(data)) ? [...findings, ...(await database(config))] : findings;
}

function secret(data: string, name: string): Finding {
  const path = join(data, 'secrets', name);
  if (!existsSync(path)) {
    const isLost = neverMadeAnew.includes(name) && existsSync(databaseFile(data));
    const advice = isLost
      ? 'it is gone, and a new one fits nothing that is there: do not start; restore it from secrets.age of a backup'
      : null;
    return { name: `secrets/${name}`, value: isLost ? 'absent' : 'absent (made when it is needed)', advice };
  }
  const isPrivate = (statSync(path).mode & 0o077) === 0;
  return {
    name: `secrets/${name}`,
    value: 'there',
    advice: isPrivate ? null : `others can read it: chmod 600 ${path}`,
  };
}

function isRunning(data: string): boolean {
  const lock = holdLock(join(data, 'lock'));
  lock?.release();
  return lock === null;
}

async function database({ data, origin: set }: Config & { readonly data: string }): Promise<Finding[]> {
  const file = databaseFile(data);
  const connection = openSqlite({ file, mode: 'read' });
  try {
    const settings = await connection.db.selectFrom('setting').selectAll().execute();
    const values = new Map(settings.map(({ name, value }) => [name, value]));
    const { newest } = await connection.db
      .selectFrom('event')
      .select((select) => select.fn.max('day').as('newest'))
      .executeTakeFirstOrThrow();
    const [origin, schema] = [values.get('origin') ?? 'not fixed yet', values.get('schema') ?? 'none'];
    const isPlain = /^http:\/\/(?!localhost|127\.|\[::1\])/.test(origin);
    const isMoved = set !== null && values.has('origin') && set !== origin;
    const fromFuture = (newest ?? 0) > dayOf(Date.now()) + 1;
    return [
      {
        name: 'database',
        value: `${statSync(file).size} bytes, schema ${schema}`,
        advice: Number(schema) > SCHEMA_VERSION ? 'a newer version wrote it: this one will not start' : null,
      },
      {
        name: 'origin',
        value: origin,
        advice: isPlain
          ? 'clients refuse plain HTTP to anything but their own machine: it needs https'
          : isMoved
            ? `the settings say ${set}: an origin can never change, everybody's password login has it in it`
            : null,
      },
      ...(await restoredLog(connection.db)),
      {
        name: 'clock',
        value: new Date().toISOString(),
        advice: fromFuture ? 'there are events of later days: this clock, or the one before, is wrong' : null,
      },
    ];
  } finally {
    connection.close();
  }
}

async function restoredLog(db: Db): Promise<Finding[]> {
  const restored = await readRestored(db);
  if (restored === null) return [];
  const value = `from a backup of ${new Date(restored.backupHour * 3_600_000).toISOString().slice(0, 13)}Z, key log ${restored.keyLog}`;
  const advice =
    restored.keyLog === 'open'
      ? null
      : 'nobody can register or change keys until its witnesses have been asked: start it';
  return [{ name: 'restored', value, advice }];
}
