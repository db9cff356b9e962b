/** All fresh secrets of an account, before anybody else hears of it. */
import { kitKeys, makeAccountSecret, makeKit } from '@latchkey/crypto';
import type { CanonicalAddress } from '@latchkey/protocol';
import type { ClientHost } from '../ports.ts';
import { makeFirstIdentity } from './identity-keys.ts';
import type { RegistrationPlan } from './profile-file-types.ts';

const ID_BYTES = 16;
const SECRET_BYTES = 32;

export interface WantedAccount {
  readonly address: CanonicalAddress;
  readonly origin: string;
  readonly serverKey: string;
  readonly policy: Uint8Array | null;
  readonly invitation: string | null;
  readonly deviceName: string;
}

export async function planRegistration(host: ClientHost, wanted: WantedAccount): Promise<RegistrationPlan> {
  const { engine, clock } = host;
  const kit = makeKit(engine);
  const { recoverySeeds, recoveryKeysHash } = await kitKeys(engine, kit.entropy);
  recoverySeeds.ed25519.fill(0);
  recoverySeeds.mldsa44.fill(0);
  const identity = await makeFirstIdentity(host, { address: wanted.address, recoveryKeysHash, last: null });
  return {
    latchkey: 'registration/v1',
    ...wanted,
    dateSeconds: Math.floor(clock.nowMs() / 1_000),
    accountSecret: makeAccountSecret(engine),
    root: engine.randomBytes(SECRET_BYTES),
    kit: kit.entropy,
    device: engine.randomBytes(ID_BYTES),
    vault: engine.randomBytes(ID_BYTES),
    mailbox: engine.randomBytes(ID_BYTES),
    mailboxSecret: engine.randomBytes(SECRET_BYTES),
    passwordLatch: engine.randomBytes(ID_BYTES),
    kitLatch: engine.randomBytes(ID_BYTES),
    identity,
    sent: false,
  };
}
