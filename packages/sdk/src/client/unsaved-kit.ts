/** The kit of a new account, until its owner says that it is saved. */
import { readAccount, readPending } from '../account/profile-files.ts';
import type { ClientHost } from '../ports.ts';
import { kitOf } from './papers.ts';
import type { RecoveryKit } from './types.ts';

/** Null where there is none: it is held nowhere else, and cannot be shown again. */
export async function unsavedKit(host: ClientHost): Promise<RecoveryKit | null> {
  const account = await readAccount(host.profile);
  const pending = await readPending(host.profile);
  return account === null || pending?.latchkey !== 'unsaved-kit/v1' ? null : kitOf(host, account, pending);
}

/** The owner has it on paper: this device forgets it. */
export function kitSaved(host: ClientHost): Promise<void> {
  return host.profile.exclusively(async () => {
    if ((await readPending(host.profile))?.latchkey === 'unsaved-kit/v1') await host.profile.remove('pending');
  });
}
