/** docs/spec/05-account.md, "Change of password". What the old password opened, an old copy of it still opens. */
import { readUnlocked, requireAccount } from '../account/profile-files.ts';
import { setPassword } from '../account/set-password.ts';
import { SdkError } from '../errors.ts';
import type { Client } from './types.ts';

const ID_BYTES = 16;

/**
 * OPAQUE's record and the password's latch change together on the server. Where the answer is lost either password may
 * be the right one; the same call again makes it the new one.
 *
 * @throws SdkError `profile_locked`, `login_server_changed`; CryptoError `password_unfit`; RefusedError `act_refused`;
 * what the wire throws
 */
export async function changePassword(client: Client, password: string): Promise<void> {
  const { host, wire, session, keys } = client;
  const owner = await requireAccount(host.profile);
  const unlocked = await readUnlocked(host.profile);
  if (unlocked === null) throw new SdkError('profile_locked', 'the account is locked');
  const { root, generation } = unlocked;
  const latch = host.engine.randomBytes(ID_BYTES);
  try {
    await setPassword(host, { wire, session, owner, own: keys.newest, latch, password, root, generation });
  } finally {
    root.fill(0);
  }
}
