/** What the vault of a new account holds from its first moment (docs/spec/05-account.md, "Registration"). */
import { kitKeys } from '@latchkey/crypto';
import { FIRST_GENERATION } from '../account/create-account.ts';
import type { RegistrationPlan } from '../account/profile-file-types.ts';
import { hourOfSeconds } from '../hours.ts';
import type { ClientHost } from '../ports.ts';
import { parseSigned } from '../signing/signed-statement.ts';
import type { RecordEdit, Space } from '../sync/types.ts';
import { putDevice, putIfAbsent, u32Bytes } from './vault-records.ts';

const NO_NAME = new Uint8Array(0);
const FIRST_EPOCH = 1;

export async function firstRecords(
  host: ClientHost,
  vault: Space,
  plan: RegistrationPlan,
): Promise<readonly RecordEdit[]> {
  const { origin, serverKey, policy, accountSecret, mailbox, mailboxSecret, identity, dateSeconds } = plan;
  const { rescueRecipient, recoverySeeds } = await kitKeys(host.engine, plan.kit);
  recoverySeeds.ed25519.fill(0);
  recoverySeeds.mldsa44.fill(0);
  const epochs = [{ epoch: FIRST_EPOCH, secret: mailboxSecret }];
  const generation = FIRST_GENERATION;
  const { version } = parseSigned('latchkey/identity/v1', identity.note).statement;
  return [
    await putIfAbsent(vault, u32Bytes(version), { kind: 'identity', v: 1, version, ...identity }),
    await putIfAbsent(vault, mailbox, { kind: 'space', v: 1, space: mailbox, holds: 'mailbox', epochs }),
    await putIfAbsent(vault, NO_NAME, {
      kind: 'account-secret',
      v: 1,
      secret: accountSecret,
      origin,
      serverKey,
      policy,
    }),
    await putIfAbsent(vault, u32Bytes(generation), { kind: 'kit', v: 1, generation, dateSeconds, rescueRecipient }),
    putDevice(plan.device, {
      kind: 'device',
      v: 1,
      name: plan.deviceName,
      madeHour: hourOfSeconds(dateSeconds),
      joined: 'registration',
    }),
  ];
}
