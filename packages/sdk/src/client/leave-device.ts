/** Locking and logging out. */
import { readAccount, readUnlocked } from '../account/profile-files.ts';
import { endSession } from '../account/sessions.ts';
import { RefusedError, SdkError } from '../errors.ts';
import type { ClientHost } from '../ports.ts';
import { composeFromProfile } from './compose-client.ts';
import type { AccountFile } from '../account/profile-file-types.ts';

/** Forgets the root. The password opens the account again. @throws SdkError `profile_missing` */
export function lock(host: ClientHost): Promise<void> {
  return host.profile.exclusively(async () => {
    if ((await readAccount(host.profile)) === null) {
      throw new SdkError('profile_missing', 'there is no account on this device');
    }
    await host.profile.remove('unlocked');
    await host.profile.remove('pending');
  });
}

/**
 * Takes the account off this device: its record in the vault (where it is unlocked), its session, and everything that
 * the device keeps, also of a registration or login that was not finished. Killed anywhere, it can be called again.
 *
 * @throws SdkError `profile_missing`; what the wire throws: nothing is forgotten then
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
    const mailbox = await leaveVault(host, account);
    await endSession(host.connect(account.origin), account.session);
    await host.cache.forget(account.vault);
    if (mailbox !== null) await host.cache.forget(mailbox);
    for (const file of ['unlocked', 'pending', 'seen', 'account'] as const) await host.profile.remove(file);
  });
}

/** @returns the mailbox's id; null where the account is locked and the vault cannot be asked */
async function leaveVault(host: ClientHost, account: AccountFile): Promise<Uint8Array | null> {
  const unlocked = await readUnlocked(host.profile);
  if (unlocked === null) return null;
  try {
    const { vault, mailbox, device } = await composeFromProfile(host, account, unlocked);
    await vault.catchUp();
    await vault.write([{ id: device, change: (current) => (current === null ? 'keep' : null) }]);
    return mailbox.id;
  } catch (error) {
    // The session has ended already, as after another device removed it: then that device has seen to the record.
    if (error instanceof RefusedError && error.wire === 'session_invalid') return null;
    throw error;
  }
}
