/** The account of announced keys, when they are in force: new locks, a new vault, a new mailbox, and nobody else signed in. */
import { ACCOUNT_SECRET_BYTES, kitKeys, passwordInput, vaultEpochSecret } from '@latchkey/crypto';
import { ROUTES } from '@latchkey/protocol/wire';
import { signOwnAct } from '../account/act.ts';
import { FIRST_GENERATION } from '../account/create-account.ts';
import { signerOf } from '../account/identity-keys.ts';
import { openKitSession } from '../account/kit-login.ts';
import type { AccountFile, ResetPlan } from '../account/profile-file-types.ts';
import { writePending } from '../account/profile-files.ts';
import { endAllOtherSessions, inNewSession } from '../account/sessions.ts';
import { setPassword } from '../account/set-password.ts';
import { chooseDirectory } from '../directory/choose-directory.ts';
import { SdkError } from '../errors.ts';
import { hourOfMs } from '../hours.ts';
import type { ClientHost, Wire } from '../ports.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { verifyKeptIdentities } from '../signing/identity.ts';
import type { OwnKeys } from '../signing/types.ts';
import { openSpace } from '../sync/open-space.ts';
import type { RecordEdit, Space } from '../sync/types.ts';
import { composeFromProfile } from './compose-client.ts';
import { keepOnDevice } from './keep-on-device.ts';
import { replaceKitLatch } from './lock-out-server.ts';
import { putNamingSecret } from './naming-secret.ts';
import { openMailbox } from './open-own-spaces.ts';
import { cardOf } from './papers.ts';
import { provePublished } from './prove-published.ts';
import { readVault } from './read-vault.ts';
import type { Client, SignInCard } from './types.ts';
import { putDevice, putIfAbsent, u32Bytes } from './vault-records.ts';

const NO_NAME = new Uint8Array(0);
const FIRST_EPOCH = 1;

export interface NewBeginning {
  readonly wire: Wire;
  readonly plan: ResetPlan;
  /** Of the kit, 32 bytes. */
  readonly entropy: Uint8Array;
  readonly password: string;
}

/**
 * Cut anywhere, it can be called again.
 *
 * @throws SdkError `kit_wrong`, `login_server_changed`; KeyLogError; CryptoError `password_unfit`; what the wire throws
 */
export async function beginAnew(
  host: ClientHost,
  { wire, plan: begun, entropy, password }: NewBeginning,
): Promise<{ readonly client: Client; readonly card: SignInCard }> {
  const { address, device } = begun;
  await passwordInput(host.engine, { ...begun, accountSecret: new Uint8Array(ACCOUNT_SECRET_BYTES), password });
  const { session } = await openKitSession(host, { wire, address, entropy }, device);
  return inNewSession(wire, session, async () => {
    const plan = await withGeneration(host, begun, { wire, session });
    const own = await ownKeys(host, plan);
    await retireSpaces(host, { wire, session, plan, own });
    const vault = await openNewVault(host, { wire, session, plan });
    await vault.catchUp();
    await vault.write([putNamingSecret(vault, plan.namingSecret)]);
    await vault.write(await firstRecords(host, vault, { plan, entropy }));
    const directory = chooseDirectory({ ...host, wire, session, vault, address, keys: own, policyHash: plan.policy });
    await provePublished(host, { address, directory });
    const genesis = (await directory.ownHistory())?.standing?.genesis;
    if (genesis !== undefined)
      await vault.write([await putIfAbsent(vault, NO_NAME, { kind: 'genesis', v: 1, hash: genesis })]);
    const contents = await readVault(host, vault, address);
    if (contents === null) throw new SdkError('vault_incomplete', 'the vault does not keep what was written');
    await openMailbox(host, { wire, session, device }, { keyring: contents.mailbox, make: true });
    const account = accountOf(plan, session);
    const { root, generation, passwordLatch: latch } = plan;
    await setPassword(host, { wire, session, owner: account, own: own.newest, latch, password, root, generation });
    const kitLatch = { ...plan, kit: entropy };
    await replaceKitLatch(host, { wire, session, account, plan: kitLatch, keys: contents.keys });
    // Whoever had the account before may have signed in meanwhile.
    await endAllOtherSessions(wire, session);
    await keepOnDevice(host.profile, account, plan);
    await host.profile.remove('pending');
    return { client: await composeFromProfile(host, account, plan), card: await cardOf(host, account) };
  });
}

interface InSession {
  readonly wire: Wire;
  readonly session: string;
}

/** Newer than every root that was there, so that no older one is taken for it. */
async function withGeneration(host: ClientHost, plan: ResetPlan, { wire, session }: InSession): Promise<ResetPlan> {
  if (plan.generation > 0) return plan;
  const { latches } = await wire.call(ROUTES.latchesList, {}, { rights: { session } });
  const newest = Math.max(FIRST_GENERATION, ...latches.map(({ generation }) => generation));
  const decided = { ...plan, generation: newest + 1 };
  await writePending(host.profile, decided);
  return decided;
}

async function ownKeys(host: ClientHost, { address, identity: secrets }: ResetPlan): Promise<OwnKeys> {
  const [identity] = await verifyKeptIdentities(host.engine, [secrets.note], { address });
  if (identity === undefined) throw new SdkError('profile_damaged', 'the keys that were announced cannot be read');
  const newest = { identity, signer: await signerOf(host, secrets), sealIdentity: secrets.seal };
  return { newest, all: [newest] };
}

/** What is in them stays on the server: nobody here can open it. */
async function retireSpaces(
  { clock }: ClientHost,
  { wire, session, plan, own }: InSession & { readonly plan: ResetPlan; readonly own: OwnKeys },
): Promise<void> {
  const { address } = plan;
  const { spaces } = await wire.call(ROUTES.spacesList, {}, { rights: { session } });
  for (const { space, kind } of spaces) {
    if (kind === 'other' || equalBytes(space, plan.vault) || equalBytes(space, plan.mailbox)) continue;
    const act = await signOwnAct({ wire, session, clock, address, own: own.newest }, 'change-latches');
    await wire.call(ROUTES.spacesRetire, { space, act }, { rights: { session } });
  }
}

/** Its first epoch is not the vault's own, because older roots were there: names come from a secret that a record keeps. */
async function openNewVault(
  host: ClientHost,
  { wire, session, plan }: InSession & { readonly plan: ResetPlan },
): Promise<Space> {
  const { vault: space, root, generation, namingSecret, device } = plan;
  const secrets = new Map([
    [FIRST_EPOCH, namingSecret],
    [generation, await vaultEpochSecret(host.engine, root, space)],
  ]);
  const keyring = { space, epoch: generation, secrets };
  return openSpace(host, { wire, session, keyring, device, kind: 'vault' });
}

async function firstRecords(
  { engine, clock }: ClientHost,
  vault: Space,
  { plan, entropy }: { readonly plan: ResetPlan; readonly entropy: Uint8Array },
): Promise<readonly RecordEdit[]> {
  const { version, identity, mailbox, mailboxSecret, accountSecret, origin, serverKey, policy } = plan;
  const { generation, dateSeconds, device, deviceName: name } = plan;
  const { rescueRecipient, recoverySeeds } = await kitKeys(engine, entropy);
  recoverySeeds.ed25519.fill(0);
  recoverySeeds.mldsa44.fill(0);
  const epochs = [{ epoch: FIRST_EPOCH, secret: mailboxSecret }];
  const login = { kind: 'account-secret', v: 1, secret: accountSecret, origin, serverKey, policy } as const;
  const madeHour = hourOfMs(clock.nowMs());
  return [
    await putIfAbsent(vault, u32Bytes(version), { kind: 'identity', v: 1, version, ...identity }),
    await putIfAbsent(vault, mailbox, { kind: 'space', v: 1, space: mailbox, holds: 'mailbox', epochs }),
    await putIfAbsent(vault, NO_NAME, login),
    await putIfAbsent(vault, u32Bytes(generation), { kind: 'kit', v: 1, generation, dateSeconds, rescueRecipient }),
    putDevice(device, { kind: 'device', v: 1, name, madeHour, joined: 'kit' }),
  ];
}

function accountOf(plan: ResetPlan, session: string): AccountFile {
  const { address, origin, serverKey, policy, accountSecret, device, deviceName, vault, generation } = plan;
  return {
    latchkey: 'account/v1',
    address,
    origin,
    serverKey,
    policy,
    accountSecret,
    device,
    deviceName,
    session,
    vault,
    generation,
  };
}
