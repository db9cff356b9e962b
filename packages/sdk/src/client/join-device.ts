/** What follows every login on a new device: the vault is opened, checked against the directory, and joined. */
import type { CanonicalAddress } from '@latchkey/protocol';
import { ROUTES } from '@latchkey/protocol/wire';
import type { VaultRoot } from '../account/latches.ts';
import type { AccountFile } from '../account/profile-file-types.ts';
import type { ServerFacts } from '../account/server-facts.ts';
import { endOtherSessions, inNewSession } from '../account/sessions.ts';
import { chooseDirectory } from '../directory/choose-directory.ts';
import { SdkError } from '../errors.ts';
import { hourOfMs } from '../hours.ts';
import type { ClientHost, Wire } from '../ports.ts';
import { notedHeads } from '../sync/note-heads.ts';
import type { Space } from '../sync/types.ts';
import { composeClient } from './compose-client.ts';
import { keepOnDevice } from './keep-on-device.ts';
import { openMailbox, openVault } from './open-own-spaces.ts';
import { requireOwnersPolicy } from './require-owners-policy.ts';
import { readVault, type VaultContents } from './read-vault.ts';
import { readDevice } from './read-device.ts';
import type { Client, LogInRequest } from './types.ts';
import { putDevice } from './vault-records.ts';

export interface JoinParts {
  readonly wire: Wire;
  readonly address: CanonicalAddress;
  readonly facts: ServerFacts;
  readonly session: string;
  readonly device: Uint8Array;
  readonly openRoot: () => Promise<VaultRoot>;
  readonly deviceName: string;
  readonly joined: 'password' | 'kit';
  /** Throws where the vault is not the one that was meant. */
  readonly accept: (contents: VaultContents) => void;
  readonly acceptState: LogInRequest['acceptState'];
}

/**
 * Where anything fails, the session is ended again, as far as the server can be reached.
 *
 * @throws SdkError `vault_shut`, `vault_incomplete`, `server_differs`, `statement_unverified`, `space_rolled_back`,
 *   `space_forked`, `space_altered`, `stopped`; what the wire throws
 */
export function joinDevice(host: ClientHost, parts: JoinParts): Promise<Client> {
  return inNewSession(parts.wire, parts.session, () => join(host, parts));
}

async function join(host: ClientHost, parts: JoinParts): Promise<Client> {
  const { wire, address, facts, session, device } = parts;
  await endOtherSessions(wire, session, device);
  const root = await parts.openRoot();
  const vaultId = await findVault(wire, session);
  const vault = await openVault(host, { wire, session, device, vault: vaultId, ...root });
  await vault.catchUp();
  const contents = await readVault(host, vault, address);
  if (contents === null) throw new SdkError('vault_incomplete', 'the vault holds nothing of this account');
  if (contents.login.origin !== wire.origin) {
    throw new SdkError('server_differs', 'the vault belongs to an account on another server');
  }
  const mailbox = await openMailbox(host, { wire, session, device }, { keyring: contents.mailbox, make: true });
  // What the other devices saw, this one must be shown too.
  await mailbox.catchUp(await notedHeads(vault));
  parts.accept(contents);
  await requireOwnersPolicy(host.engine, vault, facts);
  const { keys } = contents;
  const policyHash = facts.policy;
  await chooseDirectory({ ...host, wire, session, vault, address, keys, policyHash }).resolve([address]);
  await requireAccepted(vault, parts.acceptState);
  const madeHour = hourOfMs(host.clock.nowMs());
  const { deviceName: name, joined } = parts;
  await vault.write([putDevice(device, { kind: 'device', v: 1, name, madeHour, joined })]);
  const account: AccountFile = {
    latchkey: 'account/v1',
    address,
    origin: wire.origin,
    serverKey: facts.serverKey,
    policy: facts.policy,
    accountSecret: contents.login.secret,
    device,
    deviceName: name,
    session,
    vault: vaultId,
    generation: root.generation,
  };
  await keepOnDevice(host.profile, account, root);
  await host.profile.remove('pending');
  return composeClient(host, { wire, account, vault, contents });
}

/** No head that this device is shown is too old for it: only a person knows of a newer one. */
async function requireAccepted(vault: Space, acceptState: LogInRequest['acceptState']): Promise<void> {
  const newest = await vault.newestState();
  if (newest === null || acceptState === undefined) return;
  const { device, size: changes, hour } = newest;
  const deviceName = (await readDevice(vault, device))?.name ?? null;
  if (!(await acceptState({ deviceName, changes, hour }))) throw new SdkError('stopped', 'the vault was not accepted');
}

/** The server names it; that it is the right one is seen when it opens and holds the account's keys. */
async function findVault(wire: Wire, session: string): Promise<Uint8Array> {
  const { spaces } = await wire.call(ROUTES.spacesList, {}, { rights: { session } });
  const vaults = spaces.filter(({ kind }) => kind === 'vault');
  const [vault] = vaults;
  if (vault === undefined || vaults.length > 1) {
    throw new SdkError('vault_incomplete', 'the server does not name one vault of this account');
  }
  return vault.space;
}
