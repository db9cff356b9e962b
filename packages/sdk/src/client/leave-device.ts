/** Locking and logging out. */
import { readAccount, readPending, readUnlocked } from '../account/profile-files.ts';
import { endSession } from '../account/sessions.ts';
import { RefusedError, SdkError } from '../errors.ts';
import type { ClientHost } from '../ports.ts';
import { composeFromProfile } from './compose-client.ts';
import type { AccountFile } from '../account/profile-file-types.ts';

/** Forgets the root. The password opens the account again. @throws SdkError `profile_missing`, `lock_out_unfinished` */
export function lock(host: ClientHost): Promise<void> {
  return host.profile.exclusively(async () => {
    if ((await readAccount(host.profile)) === null) {
      throw new SdkError('profile_missing', 'there is no account on this device');
    }
    await requireNoLockOut(host.profile);
    await host.profile.remove('unlocked');
    await host.profile.remove('pending');
  });
}

/**
 * Takes the account off this device: its record in the vault (where it is unlocked), its session, and everything that
 * the device keeps, also of a registration or login that was not finished. Killed anywhere, it can be called again.
 *
 * @throws SdkError `profile_missing`, `lock_out_unfinished`; what the wire throws: nothing is forgotten then
 */
export function logOut(host: ClientHost): Promise<void> {
  return host.profile.exclusively(async () => {
    const account = await readAccount(host.profile);
    if (account === null) {
      if ((await host.profile.read('pending')) === null) {
        throw new SdkError('profile_missing', 'there is no account on this device');
      }
      await host.profile.remove('pending');
      return;
    }
    await requireNoLockOut(host.profile);
    await leaveVault(host, account);
    await endSession(host.connect(account.origin), account.session);
    await host.cache.forgetAll();
    for (const file of ['unlocked', 'pending', 'seen', 'hours', 'account'] as const) await host.profile.remove(file);
  });
}

/** Its new secrets lie in `pending` and may be nowhere else. */
async function requireNoLockOut(profile: ClientHost['profile']): Promise<void> {
  const pending = await readPending(profile);
  if (pending?.latchkey !== 'lock-out/v1' || !pending.begun) return;
  throw new SdkError('lock_out_unfinished', 'a lock-out was begun on this device and is not finished');
}

async function leaveVault(host: ClientHost, account: AccountFile): Promise<void> {
  const unlocked = await readUnlocked(host.profile);
  // Locked, it cannot ask the vault: the device's record stays, without a session.
  if (unlocked === null) return;
  try {
    const { vault, device } = await composeFromProfile(host, account, unlocked);
    await vault.catchUp();
    await vault.write([{ id: device, change: (current) => (current === null ? 'keep' : null) }]);
  } catch (error) {
    // The session has ended already, as after another device removed it: then that device has seen to the record.
    if (!(error instanceof RefusedError) || error.wire !== 'session_invalid') throw error;
  }
}
