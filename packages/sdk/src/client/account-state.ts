/** What an owner may want to know, and leaving. */
import { ROUTES } from '@latchkey/protocol/wire';
import { signOwnAct } from '../account/act.ts';
import { requireAccount } from '../account/profile-files.ts';
import { SdkError } from '../errors.ts';
import { cardOf } from './papers.ts';
import type { AccountState, Client, SignInCard } from './types.ts';
import { parseVaultRecord } from './vault-records.ts';

/** @throws SdkError `answer_malformed`; what the wire throws */
export async function accountState(client: Client): Promise<AccountState> {
  const { wire, session, address, vault, device, keys } = client;
  const about = await wire.call(ROUTES.accountAbout, {}, { rights: { session } });
  if (about.address !== address) throw new SdkError('answer_malformed', 'the server speaks of another account');
  const body = (await vault.read(device))?.body ?? null;
  const { hash, statement } = keys.newest.identity;
  return {
    address,
    origin: wire.origin,
    deviceName: body === null ? '' : parseVaultRecord('device', body).name,
    identity: hash,
    identityVersion: statement.version,
    usedBytes: about.usedBytes,
    quotaBytes: about.quotaBytes,
    arrivals: about.arrivals,
    removedOnDay: about.removedOnDay,
  };
}

/** The card once more. Useless without the password. */
export async function signInCard({ host }: Client): Promise<SignInCard> {
  return cardOf(host, await requireAccount(host.profile));
}

/**
 * From now on the account takes no mail; after seven days the server removes everything.
 *
 * @returns the day of removal, since 1970-01-01
 * @throws RefusedError `act_refused`; what the wire throws
 */
export async function closeAccount({ host, wire, session, address, keys }: Client): Promise<number> {
  const act = await signOwnAct({ wire, session, clock: host.clock, address, own: keys.newest }, 'delete-account');
  return (await wire.call(ROUTES.accountClose, { act }, { rights: { session } })).removedOnDay;
}

/** Takes the closing back. */
export async function keepAccount({ wire, session }: Client): Promise<void> {
  await wire.call(ROUTES.accountKeep, {}, { rights: { session } });
}
