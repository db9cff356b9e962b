/** The account as its vault tells it. */
import type { CanonicalAddress } from '@latchkey/protocol';
import { keysFit, signerOf } from '../account/identity-keys.ts';
import { SdkError } from '../errors.ts';
import type { ClientHost } from '../ports.ts';
import { verifyKeptIdentities } from '../signing/identity.ts';
import type { OwnIdentity, OwnKeys } from '../signing/types.ts';
import type { Space, SpaceKeyring } from '../sync/types.ts';
import { parseVaultRecord, type AccountSecretRecord, type IdentityRecord } from './vault-records.ts';

export interface VaultContents {
  readonly keys: OwnKeys;
  readonly mailbox: SpaceKeyring;
  readonly login: AccountSecretRecord;
}

/**
 * Null where the vault holds nothing of an account yet.
 *
 * @throws SdkError `vault_incomplete`, `record_newer`, `statement_unverified`
 */
export async function readVault(
  host: ClientHost,
  vault: Space,
  address: CanonicalAddress,
): Promise<VaultContents | null> {
  const identities: IdentityRecord[] = [];
  for await (const { body } of vault.entries('identity')) {
    if (body !== null) identities.push(parseVaultRecord('identity', body));
  }
  const mailbox = await readMailbox(vault);
  const login = await readLogin(vault);
  if (identities.length === 0 && mailbox === null && login === null) return null;
  if (mailbox === null || login === null) throw incomplete();
  return { keys: await readKeys(host, identities, address), mailbox, login };
}

async function readKeys(
  host: ClientHost,
  records: readonly IdentityRecord[],
  address: CanonicalAddress,
): Promise<OwnKeys> {
  const oldestFirst = records.toSorted((one, other) => one.version - other.version);
  const notes = oldestFirst.map(({ note }) => note);
  const verified = await verifyKeptIdentities(host.engine, notes, { address, hasGaps: true });
  const all: OwnIdentity[] = [];
  for (const [at, identity] of verified.entries()) {
    const record = oldestFirst[at];
    if (record?.version !== identity.statement.version) throw incomplete();
    const signer = await signerOf(host, record);
    if (!(await keysFit(host, signer, { secrets: record, statement: identity.statement }))) throw incomplete();
    all.unshift({ identity, signer, sealIdentity: record.seal });
  }
  const [newest] = all;
  if (newest === undefined) throw incomplete();
  return { newest, all };
}

/** Other spaces than the mailbox, and records of newer versions, are for newer versions. */
async function readMailbox(vault: Space): Promise<SpaceKeyring | null> {
  for await (const { body } of vault.entries('space')) {
    if (body === null || body.v > 1) continue;
    const { space, holds, epochs } = parseVaultRecord('space', body);
    if (holds !== 'mailbox') continue;
    const newest = epochs.at(-1);
    if (newest === undefined) throw incomplete();
    return { space, epoch: newest.epoch, secrets: new Map(epochs.map(({ epoch, secret }) => [epoch, secret])) };
  }
  return null;
}

async function readLogin(vault: Space): Promise<AccountSecretRecord | null> {
  for await (const { body } of vault.entries('account-secret')) {
    if (body !== null) return parseVaultRecord('account-secret', body);
  }
  return null;
}

function incomplete(): SdkError {
  return new SdkError('vault_incomplete', 'the vault opens, but the account’s own keys are not whole in it');
}
