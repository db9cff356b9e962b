import { MAX_DEVICE_NAME_CHARS } from '../account/stored-json.ts';

/** What the owner calls a device, as the vault keeps it. */
export function deviceNameOf(name: string): string {
  return name.toWellFormed().slice(0, MAX_DEVICE_NAME_CHARS).toWellFormed();
}
