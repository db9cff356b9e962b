/** The account that is on this device. */
import { openWithPassword, provePassword } from '../account/password-login.ts';
import type { AccountFile } from '../account/profile-file-types.ts';
import { readPending, readUnlocked, requireAccount } from '../account/profile-files.ts';
import { askServer } from '../account/server-facts.ts';
import { endOtherSessions, inNewSession, serverSessions } from '../account/sessions.ts';
import { RefusedError, SdkError } from '../errors.ts';
import { hourOfMs } from '../hours.ts';
import type { ClientHost, Wire } from '../ports.ts';
import { composeFromProfile } from './compose-client.ts';
import { keepOnDevice } from './keep-on-device.ts';
import { isAccusation } from '../sync/space-context.ts';
import type { Client } from './types.ts';
import { requireOwnersPolicy } from './require-owners-policy.ts';
import { putDevice } from './vault-records.ts';

/**
 * @throws SdkError `profile_missing`, `profile_locked`, `profile_damaged`, `lock_out_unfinished`, `vault_incomplete`;
 * what the wire throws
 */
export async function openClient(host: ClientHost): Promise<Client> {
  const account = await requireAccount(host.profile);
  await requireNotBetween(host, account);
  const unlocked = await readUnlocked(host.profile);
  if (unlocked === null) throw new SdkError('profile_locked', 'the account is locked');
  if (unlocked.generation !== account.generation) {
    throw new SdkError('profile_damaged', 'the files of this profile do not belong together');
  }
  return composeFromProfile(host, account, unlocked);
}

/**
 * Opens a locked account with its password; good on one that is open. A session that ended meanwhile is replaced.
 *
 * @throws SdkError `profile_missing`, `server_differs`, `login_server_changed`, `login_wrong`, `account_rekeyed`,
 * `lock_out_unfinished`, `vault_shut`, `vault_incomplete`; CryptoError `password_unfit`; what the wire throws
 */
export function unlock(host: ClientHost, password: string): Promise<Client> {
  return host.profile.exclusively(async () => {
    const account = await requireAccount(host.profile);
    await requireNotBetween(host, account);
    const { address, serverKey, policy, accountSecret, device, generation: minGeneration } = account;
    const wire = host.connect(account.origin);
    const facts = await askServer(wire, { address, serverKey, policy, isVaultAsked: true });
    const proven = await provePassword(host, { wire, address, serverKey, accountSecret, password }).catch(
      async (error: unknown) => {
        throw (await isShutOut(wire, account.session, error)) ? rekeyed(error) : error;
      },
    );
    const { exportKey } = proven;
    const openWith = async (session: string): Promise<Client> => {
      const use = { session, exportKey, minGeneration };
      const root = await openWithPassword(host, { wire, address, accountSecret }, use);
      const opened: AccountFile = { ...account, session, generation: root.generation };
      if (facts.otherThan !== null) {
        const { vault } = await composeFromProfile(host, opened, root);
        await requireOwnersPolicy(host.engine, vault, facts);
      }
      await keepOnDevice(host.profile, { ...opened, policy: facts.otherThan === null ? policy : facts.policy }, root);
      return composeFromProfile(host, opened, root);
    };
    try {
      return await openWith(account.session);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.wire !== 'session_invalid') throw error;
      const session = await proven.openSession(device);
      return await inNewSession(wire, session, async () => {
        await endOtherSessions(wire, session, device);
        const client = await openWith(session);
        await joinAgain(client, account);
        return client;
      });
    } finally {
      exportKey.fill(0);
    }
  });
}

/** Between an account's old keys and its new ones nothing but the lock-out itself goes on. */
async function requireNotBetween({ profile }: ClientHost, { generation }: AccountFile): Promise<void> {
  const pending = await readPending(profile);
  if (pending?.latchkey !== 'lock-out/v1' || !pending.begun || pending.generation === generation) return;
  throw new SdkError('lock_out_unfinished', 'a lock-out was begun on this device and is not finished');
}

/** The password may be wrong as well: nobody can tell, because the account secret is another one. */
async function isShutOut(wire: Wire, session: string, error: unknown): Promise<boolean> {
  if (!(error instanceof SdkError) || error.code !== 'login_wrong') return false;
  try {
    await serverSessions(wire, session);
    return false;
  } catch (cause) {
    return cause instanceof RefusedError && cause.wire === 'session_invalid';
  }
}

function rekeyed(cause: unknown): SdkError {
  const message =
    'this device’s session has ended and its password is not taken: the account may have been locked out of it';
  return new SdkError('account_rekeyed', message, { cause });
}

/** Another device may have taken this one out of the vault, with its session. */
async function joinAgain({ host, vault, device }: Client, { deviceName: name }: AccountFile): Promise<void> {
  const madeHour = hourOfMs(host.clock.nowMs());
  try {
    await vault.catchUp();
  } catch (error) {
    // Where the server has gone back the owner decides first (`heal`), which writes this record too.
    if (isAccusation(error)) return;
    throw error;
  }
  await vault.write([putDevice(device, { kind: 'device', v: 1, name, madeHour, joined: 'password' })]);
}
