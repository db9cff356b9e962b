/** docs/spec/05-account.md, "Change of password". What the old password opened, an old copy of it still opens. */
import { passwordKek } from '@latchkey/crypto';
import { ROUTES } from '@latchkey/protocol/wire';
import { signOwnAct } from '../account/act.ts';
import { makeLogin } from '../account/create-account.ts';
import { wrapLatch } from '../account/latches.ts';
import { readUnlocked, requireAccount } from '../account/profile-files.ts';
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
  const { host, wire, session, address, account, keys } = client;
  const { origin, serverKey, accountSecret } = await requireAccount(host.profile);
  const unlocked = await readUnlocked(host.profile);
  if (unlocked === null) throw new SdkError('profile_locked', 'the account is locked');
  const { root, generation } = unlocked;
  const rights = { session };
  const login = await makeLogin(host, { address, origin, serverKey, accountSecret, password }, (request) =>
    wire.call(ROUTES.passwordStart, { request }, { rights }),
  );
  try {
    const kek = await passwordKek(host.engine, { exportKey: login.exportKey, accountSecret, address, generation });
    const id = host.engine.randomBytes(ID_BYTES);
    const kind = 'password';
    const wrapped = await wrapLatch(host, { root, kek }, { account, latch: id, kind, generation });
    const act = await signOwnAct({ wire, session, clock: host.clock, address, own: keys.newest }, 'change-latches');
    const latch = { id, kind, generation, wrapped, rescue: null } as const;
    await wire.call(ROUTES.passwordFinish, { record: login.record, latch, act }, { rights });
  } finally {
    login.exportKey.fill(0);
    root.fill(0);
  }
}
