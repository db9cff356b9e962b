/** The secret of the vault's first epoch, which names its records after lock-outs too (docs/spec/05-account.md, "Lock-out"). */
import { SdkError } from '../errors.ts';
import type { RecordEdit, Space } from '../sync/types.ts';
import { formatVaultRecord, parseVaultRecord } from './vault-records.ts';

const FIRST_EPOCH = 1;

/** Its id is the vault's own, because it cannot have a name. @throws SdkError `vault_incomplete`, `record_newer` */
export async function readNamingSecret(vault: Space): Promise<Uint8Array> {
  const body = (await vault.read(vault.id))?.body ?? null;
  const first = body === null ? undefined : parseVaultRecord('space', body).epochs.find(isFirst);
  if (first === undefined) throw new SdkError('vault_incomplete', 'the vault does not say how its records are named');
  return first.secret;
}

export function putNamingSecret(vault: Space, secret: Uint8Array): RecordEdit {
  const epochs = [{ epoch: FIRST_EPOCH, secret }];
  const record = formatVaultRecord({ kind: 'space', v: 1, space: vault.id, holds: 'vault', epochs });
  return { id: vault.id, change: (current) => (current === null ? record : 'keep') };
}

function isFirst({ epoch }: { readonly epoch: number }): boolean {
  return epoch === FIRST_EPOCH;
}
