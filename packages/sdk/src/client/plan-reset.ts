/** All fresh secrets of an account that begins anew, before anybody hears of it. */
import { makeAccountSecret } from '@latchkey/crypto';
import type { ResetPlan } from '../account/profile-file-types.ts';
import type { ClientHost } from '../ports.ts';

const ID_BYTES = 16;
const SECRET_BYTES = 32;

type Wanted = Pick<ResetPlan, 'address' | 'origin' | 'serverKey' | 'policy' | 'deviceName' | 'version' | 'identity'>;

export function planReset({ engine, clock }: ClientHost, wanted: Wanted): ResetPlan {
  return {
    latchkey: 'reset/v1',
    ...wanted,
    dateSeconds: Math.floor(clock.nowMs() / 1_000),
    accountSecret: makeAccountSecret(engine),
    root: engine.randomBytes(SECRET_BYTES),
    generation: 0,
    device: engine.randomBytes(ID_BYTES),
    vault: engine.randomBytes(ID_BYTES),
    namingSecret: engine.randomBytes(SECRET_BYTES),
    mailbox: engine.randomBytes(ID_BYTES),
    mailboxSecret: engine.randomBytes(SECRET_BYTES),
    passwordLatch: engine.randomBytes(ID_BYTES),
    kitLatch: engine.randomBytes(ID_BYTES),
  };
}
