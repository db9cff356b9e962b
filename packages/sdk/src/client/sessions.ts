/** Who is logged in: the server's list held against the vault's (docs/spec/05-account.md, "Sessions"). */
import { endSessionById, serverSessions } from '../account/sessions.ts';
import { SdkError } from '../errors.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import type { Client, DeviceSession } from './types.ts';
import { readDevice } from './read-device.ts';

/** @throws what the wire and the vault throw */
export async function listSessions({ wire, session, vault }: Client): Promise<readonly DeviceSession[]> {
  await vault.catchUp();
  const listed: DeviceSession[] = [];
  for (const { id, device, current, expiresDay } of await serverSessions(wire, session)) {
    const known = await readDevice(vault, device);
    listed.push({ id, name: known?.name ?? null, foreign: known === null, current, expiresDay });
  }
  return listed;
}

/**
 * Ends another device's session, and takes the device out of the vault where it has no other. For one's own there is
 * `logOut`.
 *
 * @throws SdkError `session_current`; RefusedError `not_found`; what the wire throws
 */
export async function removeSession({ wire, session, vault }: Client, id: Uint8Array): Promise<void> {
  const sessions = await serverSessions(wire, session);
  const removed = sessions.find((each) => equalBytes(each.id, id));
  if (removed?.current === true) throw new SdkError('session_current', 'this is the session of this device: log out');
  await endSessionById(wire, session, id);
  if (removed === undefined) return;
  const others = sessions.filter((each) => !equalBytes(each.id, id));
  if (others.some(({ device }) => equalBytes(device, removed.device))) return;
  await vault.catchUp();
  if ((await vault.read(removed.device))?.body?.kind !== 'device') return;
  await vault.write([{ id: removed.device, change: (current) => (current?.kind === 'device' ? null : 'keep') }]);
}
