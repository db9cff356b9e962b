/**
 * New keys for an owner who has nothing but the recovery kit (docs/spec/05-account.md, "Reset"): announced now, in force
 * when their hold is over. Until then whoever has the old keys goes on as before, and may veto.
 */
import { canonicalAddress, type CanonicalAddress } from '@latchkey/protocol';
import { makeResetIdentity } from '../account/identity-keys.ts';
import {
  callKitReset,
  kitSigner,
  openKitSession,
  openWithKit,
  readKit,
  type KitSigner,
  type KitStanding,
} from '../account/kit-login.ts';
import type { ResetPlan } from '../account/profile-file-types.ts';
import { readAccount, readPending, writePending } from '../account/profile-files.ts';
import { askServer, type ServerFacts } from '../account/server-facts.ts';
import { endSession } from '../account/sessions.ts';
import { SdkError } from '../errors.ts';
import { HOUR_SECONDS } from '../hours.ts';
import type { ClientHost, Wire } from '../ports.ts';
import { parseSigned } from '../signing/signed-statement.ts';
import { beginAnew } from './begin-anew.ts';
import { deviceNameOf } from './device-name.ts';
import { originFor } from './origin-for.ts';
import { planReset } from './plan-reset.ts';
import type { Client, SignInCard } from './types.ts';

export interface ResetRequest {
  readonly address: string;
  readonly origin?: string;
  /** The 24 words, or the line of the kit's QR code. */
  readonly kit: string;
  readonly deviceName: string;
  /** Of the account that begins anew; asked for only then. */
  readonly password: () => Promise<string>;
  /** Before anything is announced; throws where it is not to be. */
  readonly accept?: (about: { readonly holdHours: number }) => void | Promise<void>;
  /** Also where the kit opens the vault as it is: what is in it is given up. */
  readonly withoutVault?: boolean;
}

export type ResetOutcome =
  | {
      readonly outcome: 'announced';
      readonly address: CanonicalAddress;
      readonly version: number;
      /** When this server takes the keys as those of the account; contacts count from when they see them. */
      readonly countsSeconds: number;
    }
  | { readonly outcome: 'done'; readonly client: Client; readonly card: SignInCard };

/**
 * The first call announces; a later one, on the same device, ends it when the hold is over. In between it says how long.
 *
 * @throws SdkError `profile_exists`, `registration_unfinished`, `kit_malformed`, `kit_wrong`, `address_differs`,
 * `server_differs`, `login_server_changed`; `reset_needless`: the kit opens the account, sign in with it;
 * `reset_vetoed`: the next call announces once more; KeyLogError; CryptoError `password_unfit`; what the wire throws
 */
export function resetWithKit(host: ClientHost, request: ResetRequest): Promise<ResetOutcome> {
  return host.profile.exclusively(async () => {
    if ((await readAccount(host.profile)) !== null) {
      throw new SdkError('profile_exists', 'there is an account on this device already');
    }
    const address = canonicalAddress(request.address);
    const { entropy, line } = await readKit(host, request.kit);
    try {
      if (line !== null && line.address !== address) {
        throw new SdkError('address_differs', 'the kit is for another address');
      }
      const wire = host.connect(originFor(address, request.origin, line?.origin ?? null));
      const facts = await askServer(wire, { address, serverKey: null, policy: line?.policy ?? null });
      const kit = await kitSigner(host, entropy);
      const given: Given = { host, request, wire, address, facts, entropy, kit };
      const pending = await readPending(host.profile);
      const begun = pending?.latchkey === 'reset/v1' && pending.address === address ? pending : null;
      if (pending !== null && begun === null && pending.latchkey !== 'login/v1') {
        throw new SdkError('registration_unfinished', 'something else was begun on this device and is not finished');
      }
      return begun === null ? await announce(given) : await goOn(given, begun);
    } finally {
      entropy.fill(0);
    }
  });
}

interface Given {
  readonly host: ClientHost;
  readonly request: ResetRequest;
  readonly wire: Wire;
  readonly address: CanonicalAddress;
  readonly facts: ServerFacts;
  readonly entropy: Uint8Array;
  readonly kit: KitSigner;
}

async function announce(given: Given): Promise<ResetOutcome> {
  const { host, request, address, wire, kit } = given;
  if (request.withoutVault !== true && (await opensVault(given))) {
    throw new SdkError('reset_needless', 'the kit opens the account as it is');
  }
  const { last, inForce } = await callKitReset(host, { wire, address, kit }, null);
  const { holdHours } = parseSigned('latchkey/identity/v1', inForce).statement;
  await request.accept?.({ holdHours });
  const identity = await makeResetIdentity(host, { address, last, holdHours, recovery: kit });
  const { serverKey, policy } = given.facts;
  const deviceName = deviceNameOf(request.deviceName);
  const plan = planReset(host, {
    address,
    origin: wire.origin,
    serverKey,
    policy,
    deviceName,
    version: last.version + 1,
    identity,
  });
  // The keys are here for good before anybody hears of them.
  await writePending(host.profile, plan);
  return announced(plan, await callKitReset(host, { wire, address, kit }, identity.note));
}

/** As far as the last call came. */
async function goOn(given: Given, plan: ResetPlan): Promise<ResetOutcome> {
  const { host, wire, address, kit, entropy, request } = given;
  const { note } = plan.identity;
  let standing = await callKitReset(host, { wire, address, kit }, null);
  // Cut before the server heard of it.
  if (standing.last.version < plan.version) standing = await callKitReset(host, { wire, address, kit }, note);
  if (standing.waiting === note) return announced(plan, standing);
  if (standing.inForce !== note) {
    await host.profile.remove('pending');
    throw new SdkError('reset_vetoed', 'the keys that were announced here were vetoed, or others stand in their place');
  }
  const password = await request.password();
  return { outcome: 'done', ...(await beginAnew(host, { wire, plan, entropy, password })) };
}

function announced({ address, version }: ResetPlan, { countsHour }: KitStanding): ResetOutcome {
  return { outcome: 'announced', address, version, countsSeconds: (countsHour ?? 0) * HOUR_SECONDS };
}

/** Whether a login with the kit gives everything back: then that is what the owner wants. */
async function opensVault({ host, wire, address, entropy }: Given): Promise<boolean> {
  let session: string | null = null;
  try {
    ({ session } = await openKitSession(host, { wire, address, entropy }, host.engine.randomBytes(DEVICE_BYTES)));
    (await openWithKit(host, { wire, address, entropy }, session)).root.fill(0);
    return true;
  } catch (error) {
    if (error instanceof SdkError && (error.code === 'kit_wrong' || error.code === 'vault_shut')) return false;
    throw error;
  } finally {
    if (session !== null) await endSession(wire, session);
  }
}

const DEVICE_BYTES = 16;
