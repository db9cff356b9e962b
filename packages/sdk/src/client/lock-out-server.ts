/** What the server holds of the old keys gives way to the new ones (docs/spec/05-account.md, "Lock-out"). */
import { accountIdOf, kitKek, kitKeys, sealRescue } from '@latchkey/crypto';
import { ROUTES } from '@latchkey/protocol/wire';
import { signOwnAct } from '../account/act.ts';
import { wrapLatch } from '../account/latches.ts';
import { provePassword } from '../account/password-login.ts';
import type { AccountFile, LockOutPlan } from '../account/profile-file-types.ts';
import { serverSessions } from '../account/sessions.ts';
import { fetchIdentities } from '../directory/fetch-identities.ts';
import { RefusedError, SdkError } from '../errors.ts';
import type { ClientHost, Wire } from '../ports.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import type { OwnIdentity, OwnKeys } from '../signing/types.ts';

export interface LockOutParts extends KitLatchParts {
  readonly plan: LockOutPlan;
}

export interface KitLatchParts {
  readonly wire: Wire;
  readonly session: string;
  readonly account: AccountFile;
  readonly plan: Pick<LockOutPlan, 'address' | 'generation' | 'root' | 'kit' | 'kitLatch' | 'passwordLatch'>;
  /** The newest version is that of the plan. */
  readonly keys: OwnKeys;
}

/**
 * This device's session, or a new one where it was ended: with the old account secret or the new one, whichever the
 * server goes by now.
 *
 * @throws SdkError `login_wrong`, `login_server_changed`; what the wire throws
 */
export async function sessionForLockOut(
  host: ClientHost,
  wire: Wire,
  { account, plan, password }: Pick<LockOutParts, 'account' | 'plan'> & { readonly password: string },
): Promise<string> {
  try {
    await serverSessions(wire, account.session);
    return account.session;
  } catch (error) {
    if (!(error instanceof RefusedError) || error.wire !== 'session_invalid') throw error;
  }
  const { address, serverKey, device } = account;
  for (const accountSecret of [plan.accountSecret, account.accountSecret]) {
    try {
      const proven = await provePassword(host, { wire, address, serverKey, accountSecret, password });
      proven.exportKey.fill(0);
      return await proven.openSession(device);
    } catch (error) {
      if (!(error instanceof SdkError) || error.code !== 'login_wrong') throw error;
    }
  }
  throw new SdkError('login_wrong', 'the session has ended, and the password is not the one that the server knows');
}

/** @throws SdkError `statement_unverified` where somebody else was first; what the wire throws */
export async function publishIdentity({ wire, session, plan, keys }: LockOutParts): Promise<void> {
  const { address, version, identity } = plan;
  const [shown] = await fetchIdentities(wire, session, [{ address, fromVersion: version }]);
  const [note, ...later] = shown?.answer === 'known' ? shown.notes : [];
  if (note === keys.newest.identity.note && later.length === 0) return;
  if (note !== undefined) {
    throw new SdkError('statement_unverified', 'the server shows newer keys of this account, which are not its own');
  }
  await wire.call(ROUTES.directoryUpdate, { statement: identity.note }, { rights: { session } });
}

/** The new kit's latch, with all identities in its rescue file; then every latch that is of neither new secret goes. */
export async function replaceKitLatch(host: ClientHost, parts: KitLatchParts): Promise<void> {
  const { wire, session, account, plan, keys } = parts;
  const { address, generation, root, kit, kitLatch: id, passwordLatch } = plan;
  const rights = { session };
  const kind = 'kit';
  const place = { account: await accountIdOf(host.engine, account), latch: id, kind, generation } as const;
  const kek = await kitKek(host.engine, kit, { address, generation });
  const wrapped = await wrapLatch(host, { root, kek }, place);
  const latch = { id, kind, generation, wrapped, rescue: await rescueFile(host, plan, keys) } as const;
  await wire.call(ROUTES.latchesPut, { latch, act: await changeLatches(host, parts) }, { rights });
  const { latches } = await wire.call(ROUTES.latchesList, {}, { rights });
  for (const { id: old } of latches) {
    if (equalBytes(old, id) || equalBytes(old, passwordLatch)) continue;
    await wire.call(ROUTES.latchesRemove, { id: old, act: await changeLatches(host, parts) }, { rights });
  }
}

function changeLatches({ clock }: ClientHost, { wire, session, plan, keys }: KitLatchParts): Promise<string> {
  return signOwnAct({ wire, session, clock, address: plan.address, own: keys.newest }, 'change-latches');
}

async function rescueFile(
  { engine }: ClientHost,
  { kit, address }: KitLatchParts['plan'],
  { all }: OwnKeys,
): Promise<Uint8Array> {
  const { rescueRecipient: recipient, recoverySeeds } = await kitKeys(engine, kit);
  recoverySeeds.ed25519.fill(0);
  recoverySeeds.mldsa44.fill(0);
  return sealRescue(engine, { recipient, address, versions: all.map(rescueVersion) });
}

function rescueVersion({ identity, sealIdentity }: OwnIdentity): { version: number; identity: string } {
  return { version: identity.statement.version, identity: sealIdentity };
}
