/** The password's half of the server's locks: OPAQUE's record and the latch that its export key opens. */
import { accountIdOf, passwordKek } from '@latchkey/crypto';
import { ROUTES } from '@latchkey/protocol/wire';
import type { ClientHost, Wire } from '../ports.ts';
import type { OwnIdentity } from '../signing/types.ts';
import { signOwnAct } from './act.ts';
import { makeLogin } from './create-account.ts';
import { wrapLatch, type VaultRoot } from './latches.ts';
import type { AccountFile } from './profile-file-types.ts';

export interface NewPassword extends VaultRoot {
  readonly wire: Wire;
  readonly session: string;
  readonly owner: Pick<AccountFile, 'address' | 'origin' | 'serverKey' | 'accountSecret'>;
  /** Of the newest version that the directory shows. */
  readonly own: OwnIdentity;
  /** Of the new latch, 16 bytes. */
  readonly latch: Uint8Array;
  readonly password: string;
}

/**
 * Both change together on the server, and the older latches of passwords go.
 *
 * @throws SdkError `login_server_changed`; CryptoError `password_unfit`; RefusedError `act_refused`; what the wire throws
 */
export async function setPassword(host: ClientHost, given: NewPassword): Promise<void> {
  const { wire, session, owner, own, latch: id, password, root, generation } = given;
  const { address, origin, accountSecret } = owner;
  const rights = { session };
  const login = await makeLogin(host, { ...owner, password }, (request) =>
    wire.call(ROUTES.passwordStart, { request }, { rights }),
  );
  try {
    const account = await accountIdOf(host.engine, { address, origin });
    const kek = await passwordKek(host.engine, { exportKey: login.exportKey, accountSecret, address, generation });
    const kind = 'password';
    const wrapped = await wrapLatch(host, { root, kek }, { account, latch: id, kind, generation });
    const act = await signOwnAct({ wire, session, clock: host.clock, address, own }, 'change-latches');
    const latch = { id, kind, generation, wrapped, rescue: null } as const;
    await wire.call(ROUTES.passwordFinish, { record: login.record, latch, act }, { rights });
  } finally {
    login.exportKey.fill(0);
  }
}
