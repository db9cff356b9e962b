/** Whom an account believes about heads of the key log, and how its owner changes that (docs/spec/14-proving-directory.md). */
import { ROUTES } from '@latchkey/protocol/wire';
import {
  formatVerifierKey,
  parseVerifierKey,
  cosignatureTypes,
  parsePolicy,
  TlogError,
  type VerifierKey,
} from '@latchkey/tlog';
import { utf8 } from '@scure/base';
import { readAccount, writeAccount } from '../account/profile-files.ts';
import { parseStored } from '../account/stored-json.ts';
import {
  formatLogPin,
  logPinId,
  logPinSchema,
  MAX_POLICIES_BEFORE,
  readLogPin,
  type LogPin,
} from '../directory/key-log/log-pin.ts';
import { isOutside } from '../directory/key-log/outsiders.ts';
import { comparePolicies } from '../directory/key-log/policy-change.ts';
import { SdkError } from '../errors.ts';
import { hourOfMs } from '../hours.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import type { Client } from './types.ts';

/** Somebody who cosigns. */
export interface TrustedCosigner {
  readonly name: string;
  /** Verifier keys as text, one for each algorithm. */
  readonly keys: readonly string[];
  /** Not under the operator's own domain. */
  readonly isOutside: boolean;
}

/** The key log that this account believes. */
export interface TrustPolicy {
  readonly domain: string;
  /** A tlog-policy as text: who must have signed a head. */
  readonly policy: string;
  /** SHA-256 of the text: what stands on cards, kits and invitations. */
  readonly hash: Uint8Array;
  /**
   * `hash`: its hash came by invitation, card or kit. `first_use`: the server's word, once. `owner`: the owner has added
   * witnesses. `file`: from a file that the owner got elsewhere.
   */
  readonly from: LogPin['from'];
  readonly cosigners: readonly TrustedCosigner[];
}

/** Null where this account has never seen a key log. */
export async function trustPolicy({ vault, host }: Client): Promise<TrustPolicy | null> {
  await vault.catchUp();
  const pin = await readLogPin(vault);
  if (pin === null) return null;
  const { domain, policy, from } = pin;
  const hash = await host.engine.sha256(utf8.decode(policy));
  return { domain, policy, hash, from, cosigners: cosignersOf(policyKeys(policy), domain) };
}

/** What would be believed instead: to be shown to the owner, and taken with `takePolicy`. */
export interface PlannedPolicy {
  readonly policy: string;
  readonly from: 'owner' | 'file';
  readonly added: readonly TrustedCosigner[];
  readonly dropped: readonly TrustedCosigner[];
  /** Whoever signs enough for the new one has signed enough for the old one, or the added have in their place. */
  readonly isAtLeastAsStrict: boolean;
  /** SHA-256 of the text that is pinned now. */
  readonly replaces: Uint8Array;
}

/**
 * The policy that the server announces, where it is the pinned one and these witnesses, and no weaker: so that nothing in
 * it is the server's word.
 *
 * @param keys all verifier keys of the witnesses or auditors to add, got from them and not from the server
 * @throws SdkError `policy_refused`, `key_log_missing`, `server_differs`; what the wire throws
 */
export async function planWitnesses(client: Client, keys: readonly string[]): Promise<PlannedPolicy> {
  const vouched = keys.map(parseKey);
  const pinned = await requirePin(client);
  const said = await client.wire.call(ROUTES.ktPolicy, {});
  const { added, dropped, isAtLeastAsStrict } = compared(client, pinned, said.policy);
  const isVouched = (key: VerifierKey): boolean =>
    vouched.some((each) => formatVerifierKey(each) === formatVerifierKey(key));
  if (said.policy === pinned.policy || !vouched.every((key) => added.some((each) => each.keyId === key.keyId))) {
    throw refused('the server does not ask these witnesses: its operator has to add them first');
  }
  if (!added.every(isVouched)) throw refused('the server adds other witnesses than those that were given');
  if (!isAtLeastAsStrict) throw refused('the server’s new policy is weaker than the one that is pinned');
  return planned(client, pinned, { policy: said.policy, from: 'owner', added, dropped, isAtLeastAsStrict });
}

/**
 * A policy that the owner got elsewhere than from the server. It may be weaker: that is the owner's to decide.
 *
 * @throws SdkError `policy_refused`, `key_log_missing`
 */
export async function planPolicy(client: Client, policy: string): Promise<PlannedPolicy> {
  const pinned = await requirePin(client);
  return planned(client, pinned, { policy, from: 'file', ...compared(client, pinned, policy) });
}

/**
 * The owner has seen the plan and says yes.
 *
 * @throws SdkError `policy_refused` where another one was pinned meanwhile
 */
export async function takePolicy({ host, vault }: Client, { policy, from, replaces }: PlannedPolicy): Promise<void> {
  const pin = await readLogPin(vault);
  const hashOf = async (text: string): Promise<Uint8Array> => host.engine.sha256(utf8.decode(text));
  if (pin === null || !equalBytes(await hashOf(pin.policy), replaces))
    throw refused('another one was pinned meanwhile');
  const before = [...pin.before, replaces].slice(-MAX_POLICIES_BEFORE);
  const former = { policy: pin.policy, untilHour: hourOfMs(host.clock.nowMs()) };
  const next = formatLogPin({ ...pin, policy, from, before, former });
  const old = JSON.stringify(formatLogPin(pin));
  let isTaken = false;
  const change = (current: unknown): typeof next | 'keep' => {
    const now = parseStored(logPinSchema, current);
    isTaken = now !== null && JSON.stringify(formatLogPin(now)) === old;
    return isTaken ? next : 'keep';
  };
  await vault.write([{ id: await logPinId(vault), knows: 1, change }]);
  if (!isTaken) throw refused('another one was pinned meanwhile');
  await host.profile.exclusively(async () => {
    const account = await readAccount(host.profile);
    if (account !== null) await writeAccount(host.profile, { ...account, policy: await hashOf(policy) });
  });
}

async function requirePin({ vault, directory, address }: Client): Promise<LogPin> {
  await vault.catchUp();
  const kept = await readLogPin(vault);
  // A head that too few have signed is no reason: the owner may be here because a witness is lost.
  if (kept !== null) return kept;
  await directory.resolve([address]);
  const pin = await readLogPin(vault);
  if (pin === null) throw new SdkError('key_log_missing', 'this server has no key log');
  return pin;
}

type Compared = Omit<ReturnType<typeof comparePolicies>, 'next'>;

function compared({ host }: Client, pinned: LogPin, policy: string): Compared {
  try {
    const { added, dropped, isAtLeastAsStrict, next } = comparePolicies(host.engine, pinned, policy);
    if (next.logs.length === 0) throw refused('it names no log');
    return { added, dropped, isAtLeastAsStrict };
  } catch (cause) {
    if (cause instanceof TlogError) throw refused('it is none', { cause });
    if (cause instanceof SdkError && cause.code === 'server_differs') throw refused('it is of another log', { cause });
    throw cause;
  }
}

async function planned(
  { host }: Client,
  pinned: LogPin,
  { policy, from, added, dropped, isAtLeastAsStrict }: Compared & Pick<PlannedPolicy, 'policy' | 'from'>,
): Promise<PlannedPolicy> {
  const replaces = await host.engine.sha256(utf8.decode(pinned.policy));
  const of = (keys: readonly VerifierKey[]): readonly TrustedCosigner[] => cosignersOf(keys, pinned.domain);
  return { policy, from, added: of(added), dropped: of(dropped), isAtLeastAsStrict, replaces };
}

function policyKeys(policy: string): readonly VerifierKey[] {
  return parsePolicy(policy).witnesses.map(({ key }) => key);
}

function cosignersOf(keys: readonly VerifierKey[], domain: string): readonly TrustedCosigner[] {
  const names = [...new Set(keys.map(({ name }) => name))];
  return names.map((name) => ({
    name,
    keys: keys.filter((key) => key.name === name).map(formatVerifierKey),
    isOutside: isOutside(name, domain),
  }));
}

function parseKey(text: string): VerifierKey {
  try {
    return parseVerifierKey(text, cosignatureTypes);
  } catch (cause) {
    if (cause instanceof TlogError) throw refused('a verifier key is none, or was copied wrongly', { cause });
    throw cause;
  }
}

function refused(why: string, options?: ErrorOptions): SdkError {
  return new SdkError('policy_refused', `the trust policy stays as it is: ${why}`, options);
}
