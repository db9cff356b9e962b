/** Vault and mailbox of an account, from the vault's root. */
import { vaultEpochSecret } from '@latchkey/crypto';
import { FIRST_GENERATION } from '../account/create-account.ts';
import type { VaultRoot } from '../account/latches.ts';
import type { ClientHost, Wire } from '../ports.ts';
import { openSpace } from '../sync/open-space.ts';
import { SpaceKeys } from '../sync/space-keys.ts';
import type { Space, SpaceKeyring } from '../sync/types.ts';
import { readNamingSecret } from './naming-secret.ts';

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
  const space = await openSpace(host, { wire, session, keyring, device, ...(make ? { kind: 'vault' } : {}) });
  return generation === FIRST_GENERATION ? space : withFirstNames(host, space);
}

export function openMailbox(
  host: ClientHost,
  { wire, session, device }: OwnSpaceParts,
  { keyring, make = false }: { readonly keyring: SpaceKeyring; readonly make?: boolean },
): Promise<Space> {
  return openSpace(host, { wire, session, keyring, device, ...(make ? { kind: 'mailbox' } : {}) });
}

/**
 * The vault after a lock-out: its older epochs are in no keyring, so that nothing under them is taken. Names alone come
 * from the first one, which a record keeps.
 */
function withFirstNames({ engine }: ClientHost, space: Space): Space {
  let names: SpaceKeys | null = null;
  return {
    id: space.id,
    catchUp: (expected) => space.catchUp(expected),
    read: (id) => space.read(id),
    entries: (kind) => space.entries(kind),
    write: (edits) => space.write(edits),
    sealNew: (id, body) => space.sealNew(id, body),
    staleRecords: () => space.staleRecords(),
    noteFiled: () => space.noteFiled(),
    watchChanges: () => space.watchChanges(),
    tip: () => space.tip(),
    newestState: () => space.newestState(),
    setback: () => space.setback(),
    beginAgain: () => space.beginAgain(),
    aside: () => space.aside(),
    forgetAside: () => space.forgetAside(),
    async nameRecord(label, bytes) {
      const epoch = FIRST_GENERATION;
      names ??= new SpaceKeys(engine, {
        space: space.id,
        epoch,
        secrets: new Map([[epoch, await readNamingSecret(space)]]),
      });
      return names.name(label, bytes);
    },
  };
}
