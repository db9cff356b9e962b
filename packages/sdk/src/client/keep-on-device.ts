/** Writes an unlocked account into the profile. The account's file is last: with it the device is joined. */
import type { VaultRoot } from '../account/latches.ts';
import type { AccountFile } from '../account/profile-file-types.ts';
import { writeAccount, writeUnlocked } from '../account/profile-files.ts';
import type { Profile } from '../ports.ts';

export async function keepOnDevice(
  profile: Profile,
  account: AccountFile,
  { root, generation }: VaultRoot,
): Promise<void> {
  await writeUnlocked(profile, { latchkey: 'unlocked/v1', root, generation });
  await writeAccount(profile, account);
}
