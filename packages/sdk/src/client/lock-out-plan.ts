/** Everything that a lock-out makes new, before anybody else hears of it (docs/spec/05-account.md, "Lock-out"). */
import {
  ACCOUNT_SECRET_BYTES,
  kitKeys,
  makeAccountSecret,
  makeKit,
  passwordInput,
  vaultEpochSecret,
} from '@latchkey/crypto';
import { FIRST_GENERATION } from '../account/create-account.ts';
import { makeNextIdentity } from '../account/identity-keys.ts';
import type { AccountFile, LockOutPlan } from '../account/profile-file-types.ts';
import { readUnlocked } from '../account/profile-files.ts';
import { chooseDirectory } from '../directory/choose-directory.ts';
import { KeyLogError } from '../directory/key-log/key-log-error.ts';
import { requireOwnIdentity } from '../directory/require-own-identity.ts';
import { SdkError } from '../errors.ts';
import type { ClientHost, Wire } from '../ports.ts';
import type { OwnKeys, StatementMark } from '../signing/types.ts';
import type { Space } from '../sync/types.ts';
import { readNamingSecret } from './naming-secret.ts';
import { openVault } from './open-own-spaces.ts';
import { readVault } from './read-vault.ts';

const ID_BYTES = 16;
const SECRET_BYTES = 32;

/**
 * @throws SdkError `profile_locked`, `vault_incomplete`, `statement_unverified`; KeyLogError; CryptoError `password_unfit`;
 * what the wire throws
 */
export async function planLockOut(
  host: ClientHost,
  account: AccountFile,
  { wire, password }: { readonly wire: Wire; readonly password: string },
): Promise<LockOutPlan> {
  const { engine, clock } = host;
  const { address } = account;
  const unlocked = await readUnlocked(host.profile);
  if (unlocked === null) throw new SdkError('profile_locked', 'the account is locked');
  // A password that cannot be set is refused before anything is done.
  await passwordInput(engine, { ...account, accountSecret: new Uint8Array(ACCOUNT_SECRET_BYTES), password });
  const { root: oldRoot, generation: oldGeneration } = unlocked;
  const vault = await openVault(host, { wire, ...account, root: oldRoot, generation: oldGeneration });
  await vault.catchUp();
  const contents = await readVault(host, vault, address);
  if (contents === null) throw new SdkError('vault_incomplete', 'the vault holds nothing of this account');
  const { keys, mailbox } = contents;
  const last = await lastStatement(host, account, { wire, vault, keys });
  const kit = makeKit(engine);
  const { recoverySeeds, recoveryKeysHash } = await kitKeys(engine, kit.entropy);
  recoverySeeds.ed25519.fill(0);
  recoverySeeds.mldsa44.fill(0);
  const namingSecret =
    oldGeneration === FIRST_GENERATION
      ? await vaultEpochSecret(engine, oldRoot, account.vault)
      : await readNamingSecret(vault);
  return {
    latchkey: 'lock-out/v1',
    address,
    dateSeconds: Math.floor(clock.nowMs() / 1_000),
    generation: oldGeneration + 1,
    accountSecret: makeAccountSecret(engine),
    root: engine.randomBytes(SECRET_BYTES),
    kit: kit.entropy,
    passwordLatch: engine.randomBytes(ID_BYTES),
    kitLatch: engine.randomBytes(ID_BYTES),
    mailboxEpoch: mailbox.epoch + 1,
    mailboxSecret: engine.randomBytes(SECRET_BYTES),
    version: last.version + 1,
    identity: await makeNextIdentity(host, { previous: keys.newest, last, recoveryKeysHash }),
    genesis: (keys.all.at(-1) ?? keys.newest).identity.hash,
    oldGeneration,
    oldRoot,
    namingSecret,
    begun: false,
  };
}

/**
 * What the new version follows. A tombstone is no hindrance: the keys in force take the address up again.
 *
 * @throws KeyLogError where the own history does not hold, or a reset waits, which is to be vetoed first
 */
async function lastStatement(
  host: ClientHost,
  { address, session, policy: policyHash }: AccountFile,
  { wire, vault, keys }: { readonly wire: Wire; readonly vault: Space; readonly keys: OwnKeys },
): Promise<StatementMark> {
  const found = await chooseDirectory({ ...host, wire, session, vault, address, keys, policyHash }).ownHistory();
  const { version } = keys.newest.identity.statement;
  if (found === null) {
    await requireOwnIdentity({ engine: host.engine, wire, session, address, keys });
    return { version, hash: keys.newest.identity.hash };
  }
  const { refusal, standing } = found;
  if (standing === null || (refusal !== null && refusal.reason !== 'own_address_closed')) {
    throw new KeyLogError(refusal ?? { rule: 7, reason: 'own_history_missing', evidence: null });
  }
  return standing.last;
}
