import { SdkError } from '../errors.ts';
import type { Space } from '../sync/types.ts';
import { parseVaultRecord } from './vault-records.ts';

/** A device by its record in the vault; null where it has none. The name is null where only a newer version reads it. */
export async function readDevice(vault: Space, device: Uint8Array): Promise<{ readonly name: string | null } | null> {
  try {
    const body = (await vault.read(device))?.body ?? null;
    return body?.kind === 'device' ? { name: parseVaultRecord('device', body).name } : null;
  } catch (error) {
    if (error instanceof SdkError && error.code === 'record_newer') return { name: null };
    throw error;
  }
}
