import { listSessions, removeSession, type Client, type DeviceSession } from '@latchkey/sdk/client';
import { CliError, usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { quoted } from '../quoted.ts';
import { formatDay } from '../terminal/format-time.ts';
import { printable } from '../terminal/printable.ts';
import { withAccount } from '../with-account.ts';

export async function sessions(invocation: Invocation): Promise<void> {
  const { report, operands } = invocation;
  const [action, wanted] = operands;
  if (invocation.has('lost')) {
    if (action !== 'remove') throw usageError('--lost belongs to remove', "Say 'latchkey sessions remove NAME --lost'");
    const { lockOutSession } = await import('./lock-out.ts');
    const find =
      wanted === undefined ? null : async (client: Client) => sessionNamed(await listSessions(client), wanted);
    await lockOutSession(invocation, find);
    return;
  }
  if (action === 'remove' && wanted === undefined) {
    throw usageError('Say which session to end', "See their names with 'latchkey sessions'");
  }
  await withAccount(async (client) => {
    const open = await listSessions(client);
    if (wanted !== undefined) {
      const session = sessionNamed(open, wanted);
      await removeSession(client, session.id);
      report.answer({
        facts: { command: 'sessions', removed: hex(session.id) },
        text: `Ended: ${nameOf(session)}.\n`,
      });
      return;
    }
    if (open.some(({ foreign }) => foreign)) {
      report.warn('session_foreign', 'A session was not opened by any device of yours: end it and change the password');
    }
    report.answer({
      facts: {
        command: 'sessions',
        sessions: open.map((session) => ({
          id: hex(session.id),
          name: session.name,
          foreign: session.foreign,
          current: session.current,
          expires: formatDay(session.expiresDay),
        })),
      },
      text: open
        .map(
          (session) =>
            `${hex(session.id).slice(0, 8)}  ${nameOf(session)}${session.current ? ' (this one)' : ''}, until ${formatDay(session.expiresDay)}\n`,
        )
        .join(''),
    });
  });
}

function sessionNamed(open: readonly DeviceSession[], wanted: string): DeviceSession {
  const byId = open.filter(({ id }) => /^[0-9a-f]{4,32}$/.test(wanted) && hex(id).startsWith(wanted));
  const found = byId.length > 0 ? byId : open.filter(({ name }) => name === wanted);
  const [session] = found;
  if (session === undefined || found.length > 1) {
    throw new CliError('session_not_found', 'not_found', {
      message: session === undefined ? `There is no session ${quoted(wanted)}` : `${quoted(wanted)} is more than one`,
      advice: "Give the id that 'latchkey sessions' shows",
    });
  }
  return session;
}

function nameOf({ name, foreign }: DeviceSession): string {
  return foreign || name === null ? 'FOREIGN: not opened by a device of yours' : printable(name);
}

function hex(id: Uint8Array): string {
  return Buffer.from(id).toString('hex');
}
