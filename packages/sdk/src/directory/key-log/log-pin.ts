/**
 * Which key log this account believes: its keys, its VRF and who must witness it. Pinned in the vault once, and never
 * replaced by what a server says (docs/spec/14-proving-directory.md, "Pinned log").
 */
import type { Engine } from '@latchkey/crypto';
import { KeyDirectoryError } from '@latchkey/key-directory';
import { openDirectory, type Directory as KeyDirectory } from '@latchkey/key-directory/verify';
import type { CanonicalAddress } from '@latchkey/protocol';
import { limits, ROUTES } from '@latchkey/protocol/wire';
import { logTypes, parsePolicy, parseVerifierKey, TlogError } from '@latchkey/tlog';
import { utf8 } from '@scure/base';
import * as v from 'valibot';
import { bytesField, parseStored, storable, textField, u32Field } from '../../account/stored-json.ts';
import { SdkError } from '../../errors.ts';
import type { Wire } from '../../ports.ts';
import { equalBytes } from '../../signing/equal-bytes.ts';
import type { RecordBody, Space } from '../../sync/types.ts';

export type LogEngine = Pick<Engine, 'sha256' | 'ed25519Verify' | 'mldsa44Verify'>;

export interface LogPin {
  readonly kind: 'key-log';
  readonly v: 1;
  readonly domain: string;
  /** A tlog-policy as text, byte for byte: its hash stands on card and kit. */
  readonly policy: string;
  /** 32 bytes. */
  readonly ed25519: Uint8Array;
  /** 1,312 bytes. */
  readonly mldsa44: Uint8Array;
  /** 32 bytes. */
  readonly vrf: Uint8Array;
  /**
   * `hash`: by invitation, card or kit. `first_use`: the server's word, once. `owner`: of one of these, with witnesses
   * that the owner has added. `file`: from a file that the owner got elsewhere.
   */
  readonly from: 'hash' | 'first_use' | 'file' | 'owner';
  /** SHA-256 of the policies that this one has taken the place of, by the owner's act; newest last. */
  readonly before: readonly Uint8Array[];
  /** The newest of those, and the hour in which it went: hourly heads up to then had nobody else's signatures yet. */
  readonly former?: FormerPolicy | undefined;
}

export interface FormerPolicy {
  readonly policy: string;
  readonly untilHour: number;
}

/** So many policies of the past are remembered. */
export const MAX_POLICIES_BEFORE = 16;

export const logPinSchema: v.GenericSchema<unknown, LogPin> = v.strictObject({
  kind: v.literal('key-log'),
  v: v.literal(1),
  domain: textField(253),
  policy: textField(limits.MAX_POLICY_CHARS),
  ed25519: bytesField(32),
  mldsa44: bytesField(1_312),
  vrf: bytesField(32),
  from: v.picklist(['hash', 'first_use', 'file', 'owner']),
  before: v.optional(v.pipe(v.array(bytesField(32)), v.maxLength(MAX_POLICIES_BEFORE)), []),
  former: v.optional(v.strictObject({ policy: textField(limits.MAX_POLICY_CHARS), untilHour: u32Field })),
});

const NO_NAME = new Uint8Array(0);

export function logPinId(vault: Space): Promise<Uint8Array> {
  return vault.nameRecord('key-log', NO_NAME);
}

export function formatLogPin(pin: LogPin): RecordBody {
  return storable(pin) as RecordBody;
}

/** Null where this account has never seen a key log. @throws SdkError `record_newer`, `vault_incomplete` */
export async function readLogPin(vault: Space): Promise<LogPin | null> {
  const body = (await vault.read(await logPinId(vault)))?.body ?? null;
  if (body === null) return null;
  const pin = parseStored(logPinSchema, body);
  if (pin !== null) return pin;
  if (body.kind === 'key-log' && body.v > 1) {
    throw new SdkError('record_newer', 'the pinned key log was written by a newer version');
  }
  throw new SdkError('vault_incomplete', 'the pinned key log cannot be read');
}

export interface ExpectedLog {
  readonly address: CanonicalAddress;
  /** SHA-256 of the policy; null where nothing has said one yet. */
  readonly policyHash: Uint8Array | null;
  /** Where that hash comes from. */
  readonly from: LogPin['from'];
}

/**
 * What the server says of its log, once.
 *
 * @throws SdkError `server_differs`: another domain or policy than expected, or one that names no log of these keys;
 * what the wire throws
 */
export async function askForLog(
  wire: Wire,
  engine: LogEngine,
  { address, policyHash, from }: ExpectedLog,
): Promise<LogPin> {
  const said = await wire.call(ROUTES.ktPolicy, {});
  if (said.domain !== address.slice(address.lastIndexOf('@') + 1)) throw differs('its key log is of another domain');
  if (policyHash !== null && !equalBytes(await engine.sha256(utf8.decode(said.policy)), policyHash)) {
    throw differs('its key log has another trust policy than the one that is pinned');
  }
  const [ed25519, mldsa44] = said.index.verifierKeys.map(publicKeyOf);
  if (ed25519?.length !== 32 || mldsa44?.length !== 1_312)
    throw differs('its key log has keys that are not understood');
  const { domain, policy, vrf } = said;
  const pin: LogPin = { kind: 'key-log', v: 1, domain, policy, ed25519, mldsa44, vrf, from, before: [] };
  openLog(engine, pin);
  // A hash is of the policy alone: only its log line, which commits to all keys, says which log it means.
  if (parsePolicy(policy).logs.length === 0) throw differs('its trust policy names no log');
  return pin;
}

/** @throws SdkError `server_differs` for what is no key log that can be believed */
export function openLog(engine: LogEngine, { domain, policy, ed25519, mldsa44, vrf }: LogPin): KeyDirectory {
  try {
    return openDirectory({
      domain,
      logKeys: [ed25519, mldsa44],
      vrfPublicKey: vrf,
      policy: parsePolicy(policy),
      verifySignature: (key, message, signature) =>
        key.type.algorithm === 'ed25519'
          ? engine.ed25519Verify(key.publicKey, message, signature)
          : engine.mldsa44Verify(key.publicKey, message, signature),
    });
  } catch (cause) {
    if (cause instanceof KeyDirectoryError || cause instanceof TlogError) {
      throw new SdkError('server_differs', 'its key log is none that can be believed', { cause });
    }
    throw cause;
  }
}

function publicKeyOf(line: string): Uint8Array {
  try {
    return parseVerifierKey(line, logTypes).publicKey;
  } catch (cause) {
    throw new SdkError('server_differs', 'its key log has keys that are not understood', { cause });
  }
}

function differs(why: string): SdkError {
  return new SdkError('server_differs', `the server is not the one that was expected: ${why}`);
}
