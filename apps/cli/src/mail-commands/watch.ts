import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { keyTail, type Client } from '@latchkey/sdk/client';
import { watch as watchMail, type MessageRow } from '@latchkey/sdk/mail';
import { finding } from '../check-keys.ts';
import { explainError } from '../explain-error.ts';
import type { Invocation } from '../invocation.ts';
import type { Reporter } from '../reporter.ts';
import { withAccount } from '../with-account.ts';
import { formatList } from './inbox.ts';
import { rowFacts } from './row-facts.ts';
import { jsonLine } from '../json-line.ts';

/** Until it is stopped: each new message is told, and handed to the command where one is given. */
export async function watch(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  const command = invocation.value('exec');
  await withAccount(async (client, signal) => {
    void watchKeys(client, { report, signal });
    report.note(`Watching ${client.address}; stop with Ctrl-C`);
    for await (const row of watchMail(client, { signal })) {
      if (report.json) report.say(jsonLine(rowFacts(row)));
      else report.say(formatList([row], { folder: 'inbox', nowMs: Date.now(), unreadOnly: false }));
      if (command !== undefined && mayRun(row)) await run(command, row);
    }
    // It ends in no other way: the exit code says by what.
    signal.throwIfAborted();
  });
}

const keyPauseMs = 600_000;

/** The key log beside the mail: who watches for weeks sees what it says for a moment only. */
async function watchKeys(
  client: Client,
  { report, signal }: { readonly report: Reporter; readonly signal: AbortSignal },
): Promise<void> {
  const reader = keyTail(client);
  while (!signal.aborted) {
    const found = await reader.check({ effort: 'thorough', signal }).then(() => null, finding);
    if (found !== null) {
      const { code, message, advice } = explainError(found);
      if (report.json) report.say(jsonLine({ error: { code, message: `${message}. ${advice}.` } }));
      else report.warn(code, `${message}. ${advice}`);
    }
    await sleep(keyPauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/** What somebody passed on, or what is not signed, starts nothing. */
function mayRun({ verified, verdict }: MessageRow): boolean {
  return verified && verdict.addressed !== 'passed_on';
}

/** The texts go by the environment: nothing that a sender wrote becomes part of a command. */
async function run(command: string, row: MessageRow): Promise<void> {
  const child = spawn('/bin/sh', ['-c', command], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      LATCHKEY_ID: row.id,
      LATCHKEY_FROM: row.summary.from,
      LATCHKEY_SUBJECT: row.summary.subject.replaceAll('\0', ''),
    },
  });
  await new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}
