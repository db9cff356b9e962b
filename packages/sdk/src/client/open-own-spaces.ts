/** Vault and mailbox of an account, from the vault's root. */
import { vaultEpochSecret } from '@latchkey/crypto';
import type { VaultRoot } from '../account/latches.ts';
import type { ClientHost, Wire } from '../ports.ts';
import { openSpace } from '../sync/open-space.ts';
import type { Space, SpaceKeyring } from '../sync/types.ts';

export interface OwnSpaceParts {
  readonly wire: Wire;
  readonly session: string;
  readonly device: Uint8Array;
}

export interface VaultParts extends OwnSpaceParts, VaultRoot {
  /** 16 bytes. */
  readonly vault: Uint8Array;
}

/** @param make creates the space on the server where it is not there yet */
export async function openVault(
  host: ClientHost,
  { wire, session, device, vault, root, generation }: VaultParts,
  make = false,
): Promise<Space> {
  const secret = await vaultEpochSecret(host.engine, root, vault);
  const keyring = { space: vault, epoch: generation, secrets: new Map([[generation, secret]]) };
  return openSpace(host, { wire, session, keyring, device, ...(make ? { kind: 'vault' } : {}) });
}

export function openMailbox(
  host: ClientHost,
  { wire, session, device }: OwnSpaceParts,
  { keyring, make = false }: { readonly keyring: SpaceKeyring; readonly make?: boolean },
): Promise<Space> {
  return openSpace(host, { wire, session, keyring, device, ...(make ? { kind: 'mailbox' } : {}) });
}
