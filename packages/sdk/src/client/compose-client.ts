/** A client out of what the profile has and the vault says. */
import { accountIdOf } from '@latchkey/crypto';
import type { VaultRoot } from '../account/latches.ts';
import type { AccountFile } from '../account/profile-file-types.ts';
import { chooseDirectory } from '../directory/choose-directory.ts';
import { SdkError } from '../errors.ts';
import type { ClientHost, Wire } from '../ports.ts';
import type { Space } from '../sync/types.ts';
import { openMailbox, openVault } from './open-own-spaces.ts';
import { readVault, type VaultContents } from './read-vault.ts';
import type { Client } from './types.ts';

export interface ClientParts {
  readonly wire: Wire;
  readonly account: AccountFile;
  readonly vault: Space;
  readonly contents: VaultContents;
}

export async function composeClient(host: ClientHost, parts: ClientParts): Promise<Client> {
  const { wire, account, vault, contents } = parts;
  const { address, origin, session, device, policy: policyHash } = account;
  const { keys, mailbox: keyring } = contents;
  return {
    host,
    wire,
    session,
    address,
    account: await accountIdOf(host.engine, { address, origin }),
    device,
    vault,
    mailbox: await openMailbox(host, { wire, session, device }, { keyring }),
    keys,
    directory: chooseDirectory({ ...host, wire, session, vault, address, keys, policyHash }),
  };
}

/**
 * Works from what this device has kept; asks the server only where that is not enough.
 *
 * @throws SdkError `vault_incomplete`; what the wire throws
 */
export async function composeFromProfile(host: ClientHost, account: AccountFile, root: VaultRoot): Promise<Client> {
  const wire = host.connect(account.origin);
  const vault = await openVault(host, { wire, ...account, ...root });
  let contents = await readVault(host, vault, account.address);
  if (contents === null) {
    await vault.catchUp();
    contents = await readVault(host, vault, account.address);
  }
  if (contents === null) throw new SdkError('vault_incomplete', 'the vault holds nothing of this account');
  return composeClient(host, { wire, account, vault, contents });
}
