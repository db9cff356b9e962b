/** The server's list of open sessions (docs/spec/05-account.md, "Sessions"). */
import { ROUTES, type ResponseOf } from '@latchkey/protocol/wire';
import { RefusedError } from '../errors.ts';
import type { Wire } from '../ports.ts';
import { equalBytes } from '../signing/equal-bytes.ts';

export type ServerSession = ResponseOf<(typeof ROUTES)['sessionsList']>['sessions'][number];

export async function serverSessions(wire: Wire, session: string): Promise<readonly ServerSession[]> {
  return (await wire.call(ROUTES.sessionsList, {}, { rights: { session } })).sessions;
}

/** @throws RefusedError `not_found` */
export async function endSessionById(wire: Wire, session: string, id: Uint8Array): Promise<void> {
  await wire.call(ROUTES.sessionsRemove, { id }, { rights: { session } });
}

/** The one that asks. Good where it has ended already. @throws what the wire throws besides */
export async function endSession(wire: Wire, session: string): Promise<void> {
  try {
    const own = (await serverSessions(wire, session)).find(({ current }) => current);
    if (own !== undefined) await endSessionById(wire, session, own.id);
  } catch (error) {
    if (!(error instanceof RefusedError) || (error.wire !== 'session_invalid' && error.wire !== 'not_found'))
      throw error;
  }
}

/** Sessions that an earlier call for this same device opened and then lost. */
export async function endOtherSessions(wire: Wire, session: string, device: Uint8Array): Promise<void> {
  await endSessions(wire, session, (each) => !each.current && equalBytes(each.device, device));
}

/** Whatever device they name: whoever was in the vault can name any. */
export async function endAllOtherSessions(wire: Wire, session: string): Promise<void> {
  await endSessions(wire, session, ({ current }) => !current);
}

async function endSessions(wire: Wire, session: string, which: (each: ServerSession) => boolean): Promise<void> {
  for (const each of (await serverSessions(wire, session)).filter(which)) {
    try {
      await endSessionById(wire, session, each.id);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.wire !== 'not_found') throw error;
    }
  }
}

/** Work in a session that was just opened. Where it fails the session is ended again, as far as the server can be reached. */
export async function inNewSession<T>(wire: Wire, session: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // What the work threw is what the caller needs to know; the next login for this device ends what is left.
    await endSession(wire, session).catch(() => undefined);
    throw error;
  }
}
