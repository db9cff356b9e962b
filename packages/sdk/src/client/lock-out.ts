/** Everything new, because a device, a kit or a password is in somebody else's hands (docs/spec/05-account.md, "Lock-out"). */
import { signerOf } from '../account/identity-keys.ts';
import { FIRST_GENERATION } from '../account/create-account.ts';
import type { AccountFile, LockOutPlan, PendingFile, UnsavedKit } from '../account/profile-file-types.ts';
import { readPending, readUnlocked, requireAccount, writePending } from '../account/profile-files.ts';
import { askServer } from '../account/server-facts.ts';
import { endAllOtherSessions } from '../account/sessions.ts';
import { setPassword } from '../account/set-password.ts';
import { SdkError } from '../errors.ts';
import type { ClientHost } from '../ports.ts';
import { verifyIdentityChain } from '../signing/identity.ts';
import type { OwnIdentity, OwnKeys } from '../signing/types.ts';
import type { Space } from '../sync/types.ts';
import { changePassword } from './change-password.ts';
import { composeFromProfile } from './compose-client.ts';
import { keepOnDevice } from './keep-on-device.ts';
import { planLockOut } from './lock-out-plan.ts';
import { openRekeyedVault, rekeyMailbox, rekeyVault, type RekeyParts } from './lock-out-records.ts';
import { publishIdentity, replaceKitLatch, sessionForLockOut } from './lock-out-server.ts';
import { cardOf, kitOf } from './papers.ts';
import { provePublished } from './prove-published.ts';
import { readVault, type VaultContents } from './read-vault.ts';
import { requireOwnersPolicy } from './require-owners-policy.ts';
import type { LockedOut, LockOutRequest } from './types.ts';

/** A lock-out was begun on this device, or its kit is not saved yet: `lockOut` goes on with it, or shows the kit again. */
export async function isLockOutUnfinished(host: ClientHost): Promise<boolean> {
  const pending = await readPending(host.profile);
  return pending?.latchkey === 'lock-out/v1' || isKitOfLockOut(pending);
}

/**
 * End all other sessions → new identity → new password and kit → vault → this device → mailbox. Whoever is to be kept
 * out is out before the records are touched. Killed anywhere, the same call goes on, with the same new secrets.
 *
 * The kit of the answer stays here until `kitSaved`.
 *
 * @throws SdkError `profile_missing`, `profile_locked`, `server_differs`, `login_server_changed`, `login_wrong`,
 * `vault_incomplete`, `statement_unverified`; CryptoError `password_unfit`; what the wire and the spaces throw
 */
export function lockOut(host: ClientHost, request: LockOutRequest): Promise<LockedOut> {
  const { password, onProgress = () => undefined } = request;
  return host.profile.exclusively(async () => {
    const kept = await requireAccount(host.profile);
    const pending = await readPending(host.profile);
    if (isKitOfLockOut(pending)) return again(host, kept, { kit: pending, password });
    const wire = host.connect(kept.origin);
    const facts = await askServer(wire, { ...kept, isVaultAsked: true });
    const planned = pending?.latchkey === 'lock-out/v1' ? pending : await planLockOut(host, kept, { wire, password });
    const plan: LockOutPlan = { ...planned, begun: true };
    await writePending(host.profile, plan);

    const session = await sessionForLockOut(host, wire, { account: kept, plan, password });
    const policy = facts.otherThan === null ? kept.policy : facts.policy;
    const account: AccountFile = {
      ...kept,
      policy,
      session,
      accountSecret: plan.accountSecret,
      generation: plan.generation,
    };
    const parts: RekeyParts = { wire, session, account, plan };
    await endAllOtherSessions(wire, session);
    const vault = await openRekeyedVault(host, parts);
    await vault.catchUp();
    await requireOwnersPolicy(host.engine, vault, facts);
    const keys = await newKeys(host, await requireVault(host, vault, plan), plan);
    const all = { ...parts, keys };
    await publishIdentity(all);
    const { root, generation, passwordLatch: latch } = plan;
    await setPassword(host, { wire, session, owner: account, own: keys.newest, latch, password, root, generation });
    await replaceKitLatch(host, all);
    // The old password may have opened one meanwhile.
    await endAllOtherSessions(wire, session);
    await rekeyVault(host, vault, parts);
    const contents = await requireVault(host, vault, plan);
    await keepOnDevice(host.profile, account, plan);
    await rekeyMailbox(host, parts, { vault, contents, onProgress });

    const client = await composeFromProfile(host, account, plan);
    await provePublished(host, client);
    const unsaved = unsavedKitOf(plan);
    await writePending(host.profile, unsaved);
    return { client, card: await cardOf(host, account), kit: await kitOf(host, account, unsaved) };
  });
}

/** All is done but that nobody has the kit yet: the same papers once more, and the password that was said now. */
async function again(
  host: ClientHost,
  account: AccountFile,
  { kit, password }: { readonly kit: UnsavedKit; readonly password: string },
): Promise<LockedOut> {
  const unlocked = await readUnlocked(host.profile);
  if (unlocked === null) throw new SdkError('profile_locked', 'the account is locked');
  const client = await composeFromProfile(host, account, unlocked);
  await changePassword(client, password);
  return { client, card: await cardOf(host, account), kit: await kitOf(host, account, kit) };
}

function isKitOfLockOut(pending: PendingFile | null): pending is UnsavedKit {
  return pending?.latchkey === 'unsaved-kit/v1' && pending.generation > FIRST_GENERATION;
}

async function requireVault(host: ClientHost, vault: Space, { address }: LockOutPlan): Promise<VaultContents> {
  const contents = await readVault(host, vault, address);
  if (contents === null) throw new SdkError('vault_incomplete', 'the vault holds nothing of this account');
  return contents;
}

/** The vault's, with the new version before it stands there. */
async function newKeys(host: ClientHost, { keys }: VaultContents, plan: LockOutPlan): Promise<OwnKeys> {
  const older = keys.all.filter(({ identity }) => identity.statement.version < plan.version);
  const [previous] = older;
  const { address, identity: secrets } = plan;
  const after = previous === undefined ? {} : { after: previous.identity };
  const [identity] = await verifyIdentityChain(host.engine, [secrets.note], { address, ...after, hasGaps: true });
  if (identity === undefined) throw new SdkError('profile_damaged', 'the plan of the lock-out cannot be read');
  const newest: OwnIdentity = { identity, signer: await signerOf(host, secrets), sealIdentity: secrets.seal };
  return { newest, all: [newest, ...older] };
}

function unsavedKitOf({ address, kit: entropy, generation, dateSeconds, genesis }: LockOutPlan): UnsavedKit {
  return { latchkey: 'unsaved-kit/v1', address, entropy, generation, dateSeconds, genesis };
}
