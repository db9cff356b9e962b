import { accounts, close, quota, resume, suspend } from './accounts.ts';
import { backup } from './backup.ts';
import { check } from './check.ts';
import type { Command } from './command.ts';
import { doctor } from './doctor.ts';
import { handover } from './handover.ts';
import { invite } from './invite.ts';
import { keys } from './keys.ts';
import { config, inventory } from './look.ts';
import { checkReport, removeReport, reports } from './reports.ts';
import { reissue, tombstone } from './reissue.ts';
import { restore } from './restore.ts';
import { start } from './start.ts';

export const COMMANDS: readonly Command[] = [
  start,
  invite,
  accounts,
  quota,
  suspend,
  resume,
  close,
  tombstone,
  reissue,
  reports,
  removeReport,
  checkReport,
  handover,
  keys,
  inventory,
  config,
  check,
  doctor,
  backup,
  restore,
];

/** Flags are settings (config/config.ts), and a few of the command itself. */
export const FLAGS = {
  data: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  domain: { type: 'string' },
  origin: { type: 'string' },
  registration: { type: 'string' },
  'behind-proxy': { type: 'boolean' },
  'quota-bytes': { type: 'string' },
  'quota-arrivals': { type: 'string' },
  'session-days': { type: 'string' },
  'log-level': { type: 'string' },
  'backup-recipient': { type: 'string' },
  'abuse-recipient': { type: 'string' },
  'new-account-days': { type: 'string' },
  'new-account-sends': { type: 'string' },
  'new-account-recipients': { type: 'string' },
  'metrics-port': { type: 'string' },
  'web-app': { type: 'string' },
  config: { type: 'string' },
  out: { type: 'string' },
  arrivals: { type: 'string' },
  secrets: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

export function helpText(): string {
  const usage = COMMANDS.map(
    ({ name, operands, summary, givesJson }) =>
      [[name, ...operands, ...(givesJson === true ? ['[--json]'] : [])].join(' '), summary] as const,
  );
  const width = Math.max(...usage.map(([text]) => text.length)) + 2;
  return `latchkey-server: moves and keeps sealed mail; holds no owner's key

${usage.map(([text, summary]) => `  ${text.padEnd(width)}${summary}`).join('\n')}

Settings, as flags, as LATCHKEY_SERVER_… in the environment, or in a TOML file (--config FILE):
  --data DIR              data folder, mode 0700        --registration open|invite|closed
  --port N  --host H      where to listen               --behind-proxy          a proxy has the certificates
  --domain D              addresses are name@D          --origin URL            how clients reach it
  --quota-bytes N  --quota-arrivals N  --session-days N  --log-level silent|error|warn|info|debug
  --backup-recipient age1pq1…   to whom "backup" seals this server's own secrets
  --abuse-recipient age1pq1…    to whom owners seal a message that they report
  --new-account-days N  --new-account-sends N  --new-account-recipients N   what new accounts may deliver
  --metrics-port N        /metrics and /ready, for this machine alone
  --web-app DIR           the built web app, served under /app/
`;
}
