import { audit } from './audit.ts';
import type { Command } from './command.ts';
import { keygen } from './keygen.ts';
import { run } from './run.ts';
import { status } from './status.ts';

export const COMMANDS: readonly Command[] = [keygen, run, audit, status];

export const FLAGS = {
  data: { type: 'string' },
  logs: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  role: { type: 'string' },
  once: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

export function helpText(): string {
  const usage = COMMANDS.map(({ name, operands, takes, summary }) => {
    const switches = takes.filter((flag) => FLAGS[flag].type === 'boolean').map((flag) => `[--${flag}]`);
    return [[name, ...operands, ...switches].join(' '), summary] as const;
  });
  const width = Math.max(...usage.map(([text]) => text.length)) + 2;
  return `latchkey-witness: cosigns heads of transparency logs that only grow (c2sp.org/tlog-witness)

${usage.map(([text, summary]) => `  ${text.padEnd(width)}${summary}`).join('\n')}

  --data DIR       folder for key and state, mode 0700; default $XDG_DATA_HOME/latchkey-witness
  --logs FILE      the logs to know, as lines "log KEY [URL]"; default DIR/logs
  --host H         where to listen; default 127.0.0.1
  --port N         default 7711, for audit 7712
  --role R         for keygen: witness or auditor; default witness

Exit codes: 0 done · 1 failed · 2 the command line is wrong · 3 a log was caught: there is evidence
`;
}
