import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EvidenceFolder } from '../evidence/evidence-folder.ts';
import { headsFolder, keyFile, openCosignerKey, roleFolder, verifierKeys, type Role } from '../keys/cosigner-key.ts';
import { logListFile, readLogList } from '../service.ts';
import { HeadStore, originHash } from '../state/head-store.ts';
import { holdLock } from '../state/hold-lock.ts';
import { ALLOWED_BACK_SECONDS } from '../clock-guard.ts';
import { WitnessError } from '../errors.ts';
import { print, printJson, type Command } from './command.ts';

interface RoleStatus {
  readonly role: Role;
  readonly name: string;
  readonly keys: readonly string[];
  readonly running: boolean;
  readonly clockIsBehind: boolean;
  readonly logs: readonly LogStatus[];
  readonly evidence: readonly string[];
}

interface LogStatus {
  readonly origin: string;
  readonly hash: string;
  /** null: nothing cosigned yet. */
  readonly size: number | null;
  readonly cosignedAt: string | null;
  /** false: it has a head, and stands in the list of logs no more. */
  readonly listed: boolean;
}

const evidenceExit = 3;

export const status: Command = {
  name: 'status',
  operands: [],
  takes: ['logs', 'json'],
  summary: 'say what was cosigned last, whether a process works over it, and what evidence there is',
  async run({ flags: { data, logs, json } }) {
    const roles = (['witness', 'auditor'] as const).filter((role) => existsSync(keyFile(data, role)));
    if (roles.length === 0) {
      throw new WitnessError('key_missing', `there is no key in ${data}; make one with "latchkey-witness keygen NAME"`);
    }
    const listed = readLogList(logListFile(data, logs)).map(({ origin }) => origin);
    const all = roles.map((role) => roleStatus(data, role, listed));
    if (json) printJson(all);
    else for (const each of all) printRole(each);
    return all.some(({ evidence }) => evidence.length > 0) ? evidenceExit : 0;
  },
};

function roleStatus(dataDir: string, role: Role, listed: readonly string[]): RoleStatus {
  const key = openCosignerKey(dataDir, role);
  const heads = new HeadStore(headsFolder(dataDir, role)).readAll();
  const origins = new Set([...listed, ...heads.map(({ checkpoint }) => checkpoint.origin)]);
  const newest = Math.max(0, ...heads.map(({ timeSeconds }) => timeSeconds));
  return {
    role,
    name: key.name,
    keys: verifierKeys(key),
    running: isRunning(roleFolder(dataDir, role)),
    clockIsBehind: Date.now() / 1_000 < newest - ALLOWED_BACK_SECONDS,
    logs: [...origins].map((origin) => {
      const head = heads.find(({ checkpoint }) => checkpoint.origin === origin);
      return {
        origin,
        hash: originHash(origin),
        size: head?.checkpoint.size ?? null,
        cosignedAt: head === undefined ? null : new Date(head.timeSeconds * 1_000).toISOString(),
        listed: listed.includes(origin),
      };
    }),
    evidence: new EvidenceFolder(join(roleFolder(dataDir, role), 'evidence')).list(),
  };
}

function isRunning(folder: string): boolean {
  const file = join(folder, 'lock');
  if (!existsSync(file)) return false;
  const lock = holdLock(file);
  lock?.release();
  return lock === null;
}

function printRole({ role, name, keys, running, clockIsBehind, logs, evidence }: RoleStatus): void {
  print(`${role}\t${name}\t${running ? 'running' : 'not running'}`);
  for (const key of keys) print(`key\t${key}`);
  if (clockIsBehind) print('! the clock is behind the newest cosignature: nothing is signed until it is right');
  for (const { origin, size, cosignedAt, listed } of logs) {
    const seen = size === null ? 'nothing cosigned yet' : `size ${size}, ${cosignedAt}`;
    print(`log\t${origin}\t${seen}${listed ? '' : ' (not in the list of logs)'}`);
  }
  for (const path of evidence) print(`EVIDENCE\t${path}`);
}
