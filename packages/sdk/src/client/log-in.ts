/** An account on a further device (docs/spec/05-account.md, "Login on a new device"). */
import { CryptoError, parseCard, type Card } from '@latchkey/crypto';
import { canonicalAddress, type CanonicalAddress } from '@latchkey/protocol';
import { openKitSession, openWithKit, readKit } from '../account/kit-login.ts';
import { openWithPassword, provePassword } from '../account/password-login.ts';
import type { LoginPlan } from '../account/profile-file-types.ts';
import { readAccount, readPending, writePending } from '../account/profile-files.ts';
import { askServer, requireServerKey } from '../account/server-facts.ts';
import { SdkError } from '../errors.ts';
import type { ByHandHost, ClientHost } from '../ports.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { deviceNameOf } from './device-name.ts';
import { joinDevice } from './join-device.ts';
import { originFor } from './origin-for.ts';
import type { Client, LogInRequest } from './types.ts';

const DEVICE_BYTES = 16;

/**
 * @throws SdkError `profile_exists`, `registration_unfinished`, `card_malformed`, `kit_malformed`, `address_differs`,
 * `server_differs`, `login_server_changed`, `login_wrong`, `kit_wrong`, `vault_shut`, `vault_incomplete`,
 * `statement_unverified`, `stopped` where `acceptState` says no; CryptoError `password_unfit`; what the wire throws
 */
export function logIn(host: ClientHost, request: LogInRequest): Promise<Client> {
  return host.profile.exclusively(async () => {
    if ((await readAccount(host.profile)) !== null) {
      throw new SdkError('profile_exists', 'there is an account on this device already');
    }
    const address = canonicalAddress(request.address);
    return 'kit' in request.with
      ? logInWithKit(host, request, { address, kit: request.with.kit })
      : logInWithCard(host, request, { address, ...request.with });
  });
}

async function logInWithCard(
  host: ClientHost,
  { origin: said, deviceName, acceptState }: LogInRequest,
  given: { readonly address: CanonicalAddress; readonly card: string; readonly password: string },
): Promise<Client> {
  const { address, password } = given;
  const card = await readCard(host, given.card);
  if (card.address !== address) throw otherAddress();
  const { accountSecret } = card;
  const wire = host.connect(originFor(address, said, card.origin));
  const facts = await askServer(wire, { address, serverKey: card.serverKey, policy: card.policy, isVaultAsked: true });
  const proven = await provePassword(host, { wire, address, serverKey: facts.serverKey, accountSecret, password });
  const { exportKey } = proven;
  try {
    const device = await planDevice(host, { address, origin: wire.origin });
    const session = await proven.openSession(device);
    const use = { session, exportKey, minGeneration: 0 };
    return await joinDevice(host, {
      wire,
      address,
      facts,
      session,
      device,
      openRoot: () => openWithPassword(host, { wire, address, accountSecret }, use),
      deviceName: deviceNameOf(deviceName),
      acceptState,
      joined: 'password',
      accept: ({ login }) => {
        if (!equalBytes(login.secret, accountSecret)) throw notThisVault();
      },
    });
  } finally {
    exportKey.fill(0);
  }
}

async function logInWithKit(
  host: ClientHost,
  { origin: said, deviceName, acceptState }: LogInRequest,
  given: { readonly address: CanonicalAddress; readonly kit: string },
): Promise<Client> {
  const { address } = given;
  const { entropy, line } = await readKit(host, given.kit);
  try {
    if (line !== null && line.address !== address) throw otherAddress();
    const wire = host.connect(originFor(address, said, line?.origin ?? null));
    const facts = await askServer(wire, { address, serverKey: null, policy: line?.policy ?? null, isVaultAsked: true });
    const device = await planDevice(host, { address, origin: wire.origin });
    const { session, recoveryKeysHash } = await openKitSession(host, { wire, address, entropy }, device);
    return await joinDevice(host, {
      wire,
      address,
      facts,
      session,
      device,
      openRoot: () => openWithKit(host, { wire, address, entropy }, session),
      deviceName: deviceNameOf(deviceName),
      acceptState,
      joined: 'kit',
      accept: ({ keys, login }) => {
        requireServerKey(facts.serverKey, login.serverKey);
        const { recovery } = keys.newest.identity.statement;
        if (recovery.by !== 'kit' || !equalBytes(recovery.keysHash, recoveryKeysHash)) throw kitOfAnother();
        const genesis = keys.all.at(-1)?.identity;
        if (line !== null && genesis?.statement.version === 0 && !equalBytes(genesis.hash, line.genesis)) {
          throw kitOfAnother();
        }
      },
    });
  } finally {
    entropy.fill(0);
  }
}

/** The device's id, lasting before a session can bear it: a login that is cut is not seen as a stranger's for ever. */
async function planDevice(
  { engine, profile }: ClientHost,
  { address, origin }: { readonly address: CanonicalAddress; readonly origin: string },
): Promise<Uint8Array> {
  const pending = await readPending(profile);
  if (pending?.latchkey === 'registration/v1' && pending.sent) {
    throw new SdkError('registration_unfinished', 'a registration on this device is not finished');
  }
  if (pending?.latchkey === 'login/v1' && pending.address === address && pending.origin === origin) {
    return pending.device;
  }
  const device = engine.randomBytes(DEVICE_BYTES);
  const plan: LoginPlan = { latchkey: 'login/v1', address, origin, device };
  await writePending(profile, plan);
  return device;
}

async function readCard({ engine }: ByHandHost, text: string): Promise<Card> {
  try {
    return await parseCard(engine, text);
  } catch (cause) {
    if (!(cause instanceof CryptoError) || cause.code !== 'card_malformed') throw cause;
    throw new SdkError('card_malformed', 'this is no sign-in card, or it was mistyped', { cause });
  }
}

function otherAddress(): SdkError {
  return new SdkError('address_differs', 'the card or the kit is for another address');
}

function notThisVault(): SdkError {
  return new SdkError('vault_incomplete', 'the vault opens, but is not the one of this card');
}

function kitOfAnother(): SdkError {
  return new SdkError('kit_wrong', 'the kit opens the vault, but the identity does not commit to it');
}
