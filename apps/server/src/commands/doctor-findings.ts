/** What operators get wrong before anything breaks: settings, and where the data lies. Each has a test by name. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.ts';

export interface Finding {
  readonly name: string;
  readonly value: string;
  /** What to do, where something is not as it should be. */
  readonly advice: string | null;
}

/** linux/magic.h */
const TMPFS = 0x0102_1994;

/** Of a server for others: on one's own machine none of this is a mistake. */
export function settingFindings(config: Config): Finding[] {
  const { domain, registration, backupRecipient, keyLog, metricsPort, port } = config;
  const isPublic = domain !== 'localhost';
  const outside = [...keyLog.witness, ...keyLog.auditor].length;
  return [
    {
      name: 'registration',
      value: registration,
      advice: isPublic && registration === 'open' ? 'anybody can fill the disk: "invite", or watch the quota' : null,
    },
    {
      name: 'backups',
      value: backupRecipient === null ? 'no recipient' : 'sealed to the recipient of the settings',
      advice:
        isPublic && backupRecipient === null
          ? 'there can be no backup: make a key with "latchkey keygen" elsewhere, and set backupRecipient'
          : null,
    },
    {
      name: 'witnesses',
      value: String(outside),
      advice: isPublic && outside === 0 ? 'nobody but you vouches for keys: docs/guide/witness.md' : null,
    },
    {
      name: 'metrics',
      value: metricsPort === null ? 'nowhere' : `127.0.0.1:${metricsPort}`,
      advice: metricsPort !== null && metricsPort !== 0 && metricsPort === port ? 'it is the port of the server' : null,
    },
  ];
}

/** @param data an existing folder */
export function placeFindings(data: string): Finding[] {
  const clone = cloneAround(data);
  const inMemory = statfsSync(data).type === TMPFS;
  return [
    {
      name: 'place',
      value: inMemory ? 'memory' : 'disk',
      advice: inMemory ? 'it is gone when the machine restarts: use a folder on a disk' : null,
    },
    {
      name: 'clone',
      value: clone ?? 'outside of every clone',
      advice: clone === null ? null : 'data within a clone is pushed, cleaned and copied by mistake: move it out',
    },
  ];
}

function cloneAround(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return null;
  }
}
