/** A new account, from nothing to an unlocked client (docs/spec/05-account.md, "Registration"). */
import { ACCOUNT_SECRET_BYTES, passwordInput } from '@latchkey/crypto';
import { canonicalAddress, type CanonicalAddress } from '@latchkey/protocol';
import { parseInvitation, ROUTES, type Invitation } from '@latchkey/protocol/wire';
import { FIRST_GENERATION, prepareAccount } from '../account/create-account.ts';
import { openKitSession } from '../account/kit-login.ts';
import { provePassword } from '../account/password-login.ts';
import { planRegistration } from '../account/plan-registration.ts';
import type { AccountFile, RegistrationPlan, UnsavedKit } from '../account/profile-file-types.ts';
import { readAccount, readPending, readUnlocked, writePending } from '../account/profile-files.ts';
import { askServer } from '../account/server-facts.ts';
import { endOtherSessions, endSession } from '../account/sessions.ts';
import { chooseDirectory } from '../directory/choose-directory.ts';
import { RefusedError, SdkError } from '../errors.ts';
import type { ClientHost, Wire } from '../ports.ts';
import { verifyKeptIdentities } from '../signing/identity.ts';
import { composeClient, composeFromProfile } from './compose-client.ts';
import { firstRecords } from './first-records.ts';
import { keepOnDevice } from './keep-on-device.ts';
import { openMailbox, openVault } from './open-own-spaces.ts';
import { deviceNameOf } from './device-name.ts';
import { originFor } from './origin-for.ts';
import { cardOf, kitOf } from './papers.ts';
import { provePublished } from './prove-published.ts';
import { readVault } from './read-vault.ts';
import type { Registered, RegisterRequest } from './types.ts';
import { putIfAbsent } from './vault-records.ts';

const NO_NAME = new Uint8Array(0);

/** Refusals after which nothing was made by this call. */
const definite: ReadonlySet<string> = new Set([
  'registration_closed',
  'invitation_invalid',
  'address_refused',
  'address_taken',
  'statement_refused',
]);

/**
 * Killed anywhere, the same call goes on where it was: nothing is lost and nothing is made twice.
 *
 * @throws SdkError `profile_exists`, `registration_unfinished`, `address_reissued`, `invitation_malformed`, `server_differs`,
 * `login_server_changed`, `login_wrong` (another password than the first time); RefusedError `registration_closed`,
 * `invitation_invalid`, `address_refused`, `address_taken`; CryptoError `password_unfit`; what the wire throws
 */
export function register(host: ClientHost, request: RegisterRequest): Promise<Registered> {
  return host.profile.exclusively(async () => {
    const address = canonicalAddress(request.address);
    const pending = await readPending(host.profile);
    const account = await readAccount(host.profile);
    if (account !== null) return again(host, account, { address, pending });
    const planned = await planFor(host, request, { address, pending });
    const wire = host.connect(planned.origin);
    const { reissued = false, password } = request;
    const { plan, session } = await makeOrFindAccount(host, wire, { plan: planned, password, reissued });
    return fillAccount(host, wire, { plan, session });
  });
}

type Pending = Awaited<ReturnType<typeof readPending>>;

/** The account is there already: good where it is the one that was just made and whose kit nobody has seen yet. */
async function again(
  host: ClientHost,
  account: AccountFile,
  { address, pending }: { readonly address: CanonicalAddress; readonly pending: Pending },
): Promise<Registered> {
  const unlocked = await readUnlocked(host.profile);
  const isUnfinished = pending?.latchkey === 'registration/v1' || pending?.latchkey === 'unsaved-kit/v1';
  if (!isUnfinished || unlocked === null || account.address !== address || pending.address !== address) {
    throw new SdkError('profile_exists', 'there is an account on this device already');
  }
  const kit = pending.latchkey === 'unsaved-kit/v1' ? pending : await unsavedKitOf(host, pending);
  await writePending(host.profile, kit);
  const client = await composeFromProfile(host, account, unlocked);
  return { client, card: await cardOf(host, account), kit: await kitOf(host, account, kit) };
}

/** The plan that was begun, or a new one. */
async function planFor(
  host: ClientHost,
  request: RegisterRequest,
  { address, pending }: { readonly address: CanonicalAddress; readonly pending: Pending },
): Promise<RegistrationPlan> {
  const invitation = readInvitation(request.invitation);
  const origin = originFor(address, request.origin, invitation?.origin ?? null);
  const begun = pending?.latchkey === 'registration/v1' ? pending : null;
  if (begun !== null && begun.address === address && begun.origin === origin) {
    return { ...begun, invitation: invitation?.token ?? begun.invitation };
  }
  if (pending?.latchkey === 'reset/v1') throw new SdkError('reset_unfinished', 'keys were announced on this device');
  if (begun?.sent === true) {
    throw new SdkError('registration_unfinished', 'another registration on this device is not finished');
  }
  await requireFitPassword(host, { address, origin, password: request.password });
  const { serverKey, policy } = await askServer(host.connect(origin), {
    address,
    serverKey: invitation?.opaque ?? null,
    policy: invitation === null || invitation.policy === 'none' ? null : invitation.policy,
  });
  const deviceName = deviceNameOf(request.deviceName);
  const plan = await planRegistration(host, {
    address,
    origin,
    serverKey,
    policy,
    invitation: invitation?.token ?? null,
    deviceName,
  });
  await writePending(host.profile, plan);
  return plan;
}

interface Planned {
  readonly plan: RegistrationPlan;
  readonly password: string;
  readonly reissued: boolean;
}

async function makeOrFindAccount(
  host: ClientHost,
  wire: Wire,
  { plan, password, reissued }: Planned,
): Promise<{ readonly plan: RegistrationPlan; readonly session: string }> {
  if (plan.sent) {
    const session = await logInToPlanned(host, wire, { plan, password });
    if (session !== null) return { plan, session };
  }
  try {
    const { request, plan: prepared } = await prepareAccount(host, wire, { plan, password, reissued });
    await writePending(host.profile, { ...prepared, sent: true });
    const { token: session } = await wire.call(ROUTES.registerFinish, request);
    return { plan: prepared, session };
  } catch (error) {
    if (!(error instanceof RefusedError) || !definite.has(error.wire)) throw error;
    // An earlier call may have made the account. Its kit tells: then only the password is another one.
    if (plan.sent && (await isOwnAccount(host, wire, plan))) {
      throw new SdkError('login_wrong', 'the registration was begun with another password', { cause: error });
    }
    await host.profile.remove('pending');
    throw error;
  }
}

async function logInToPlanned(
  host: ClientHost,
  wire: Wire,
  { plan, password }: { readonly plan: RegistrationPlan; readonly password: string },
): Promise<string | null> {
  try {
    const proven = await provePassword(host, { wire, ...plan, password });
    proven.exportKey.fill(0);
    const session = await proven.openSession(plan.device);
    await endOtherSessions(wire, session, plan.device);
    return session;
  } catch (error) {
    if (error instanceof SdkError && error.code === 'login_wrong') return null;
    throw error;
  }
}

async function isOwnAccount(host: ClientHost, wire: Wire, plan: RegistrationPlan): Promise<boolean> {
  try {
    const { session } = await openKitSession(host, { wire, address: plan.address, entropy: plan.kit }, plan.device);
    await endSession(wire, session);
    return true;
  } catch (error) {
    if (error instanceof SdkError && error.code === 'kit_wrong') return false;
    throw error;
  }
}

/** Vault and mailbox, then the profile. Every step may have been done before. */
async function fillAccount(
  host: ClientHost,
  wire: Wire,
  { plan, session }: { readonly plan: RegistrationPlan; readonly session: string },
): Promise<Registered> {
  const { address, device, root } = plan;
  const parts = { wire, session, device };
  const vault = await openVault(host, { ...parts, vault: plan.vault, root, generation: FIRST_GENERATION }, true);
  await vault.catchUp();
  await vault.write(await firstRecords(host, vault, plan));
  const contents = await readVault(host, vault, address);
  if (contents === null) throw new SdkError('vault_incomplete', 'the vault does not keep what was written');
  const mailbox = await openMailbox(host, parts, { keyring: contents.mailbox, make: true });
  await mailbox.catchUp();

  const { origin, serverKey, policy, accountSecret } = plan;
  const from = plan.invitation === null ? 'first_use' : 'hash';
  const { keys } = contents;
  const directory = chooseDirectory({ ...host, wire, session, vault, address, keys, policyHash: policy, from });
  await provePublished(host, { address, directory });
  if (keys.newest.identity.statement.version > 0) {
    const genesis = (await directory.ownHistory())?.standing?.genesis;
    if (genesis !== undefined)
      await vault.write([await putIfAbsent(vault, NO_NAME, { kind: 'genesis', v: 1, hash: genesis })]);
  }
  const account: AccountFile = {
    latchkey: 'account/v1',
    address,
    origin,
    serverKey,
    policy,
    accountSecret,
    device,
    deviceName: plan.deviceName,
    session,
    vault: plan.vault,
    generation: FIRST_GENERATION,
  };
  await keepOnDevice(host.profile, account, { root, generation: FIRST_GENERATION });
  const kit = await unsavedKitOf(host, plan);
  await writePending(host.profile, kit);
  // With the genesis that may just have been written.
  const client = await composeClient(host, {
    wire,
    account,
    vault,
    contents: (await readVault(host, vault, address)) ?? contents,
  });
  return { client, card: await cardOf(host, account), kit: await kitOf(host, account, kit) };
}

async function unsavedKitOf({ engine }: ClientHost, plan: RegistrationPlan): Promise<UnsavedKit> {
  const { address, kit: entropy, dateSeconds, identity } = plan;
  const [genesis] = await verifyKeptIdentities(engine, [identity.note], { address });
  if (genesis === undefined) throw new SdkError('profile_damaged', 'the plan of the registration cannot be read');
  const { hash } = genesis;
  return { latchkey: 'unsaved-kit/v1', address, entropy, generation: FIRST_GENERATION, dateSeconds, genesis: hash };
}

/** Before anything is written or asked. @throws CryptoError `password_unfit` */
async function requireFitPassword(
  { engine }: ClientHost,
  parts: { readonly address: string; readonly origin: string; readonly password: string },
): Promise<void> {
  await passwordInput(engine, { ...parts, accountSecret: new Uint8Array(ACCOUNT_SECRET_BYTES) });
}

function readInvitation(text: string | undefined): Invitation | null {
  if (text === undefined) return null;
  const invitation = parseInvitation(text);
  if (invitation === null) throw new SdkError('invitation_malformed', 'this is no invitation, or it was cut');
  return invitation;
}
