/** Own keys from what is kept of them, and the first of them. */
import {
  formatIdentity,
  formatRecipient,
  generateIdentity,
  parseIdentity,
  recipientOf,
  type KeyIdentity,
} from '@latchkey/crypto';
import { hybridSigner, type HybridSigner } from '@latchkey/crypto/sign';
import type { CanonicalAddress, IdentityStatement } from '@latchkey/protocol';
import type { ByHandHost } from '../ports.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { signIdentity } from '../signing/identity.ts';
import { signReset } from '../signing/reset.ts';
import type { OwnIdentity, StatementMark } from '../signing/types.ts';
import type { IdentitySecrets } from './profile-file-types.ts';

const SEED_BYTES = 32;
const HASH_BYTES = 32;
/** How long a reset is announced before it counts, unless the owner says otherwise: seven days. */
const DEFAULT_HOLD_HOURS = 168;

export interface FirstIdentity {
  readonly address: CanonicalAddress;
  /** Of the kit, 32 bytes. */
  readonly recoveryKeysHash: Uint8Array;
  /** The last statement of an address that was somebody else's; null: version 0. */
  readonly last: StatementMark | null;
}

/** Fresh keys and the first version of an identity, signed by them and by nobody else. */
export function makeFirstIdentity(host: ByHandHost, wanted: FirstIdentity): Promise<IdentitySecrets> {
  return makeIdentity(host, { ...wanted, previous: null });
}

export interface NextIdentity {
  readonly previous: OwnIdentity;
  /** The last statement of the address, of whatever kind. */
  readonly last: StatementMark;
  /** Of the new kit, 32 bytes. */
  readonly recoveryKeysHash: Uint8Array;
}

/** Fresh keys and the next version of the identity, signed by them and by those of the version before. */
export function makeNextIdentity(
  host: ByHandHost,
  { previous, last, recoveryKeysHash }: NextIdentity,
): Promise<IdentitySecrets> {
  const { address } = previous.identity.statement;
  return makeIdentity(host, { address, recoveryKeysHash, previous, last });
}

interface AnyIdentity extends FirstIdentity {
  readonly previous: OwnIdentity | null;
}

async function makeIdentity(host: ByHandHost, { previous, ...wanted }: AnyIdentity): Promise<IdentitySecrets> {
  const holdHours = previous?.identity.statement.holdHours ?? DEFAULT_HOLD_HOURS;
  const { seeds, seal, statement, signer } = await makeKeys(host, { ...wanted, holdHours });
  const signers =
    previous === null ? {} : { previous: { statement: previous.identity.statement, signer: previous.signer } };
  return { ...seeds, seal, note: await signIdentity(statement, { own: signer, ...signers }) };
}

interface WantedKeys extends FirstIdentity {
  readonly holdHours: number;
}

interface MadeKeys {
  readonly seeds: Pick<IdentitySecrets, 'ed25519' | 'mldsa44'>;
  readonly seal: string;
  readonly statement: IdentityStatement;
  readonly signer: HybridSigner;
}

async function makeKeys(
  { engine }: ByHandHost,
  { address, recoveryKeysHash, last, holdHours }: WantedKeys,
): Promise<MadeKeys> {
  const seeds = { ed25519: engine.randomBytes(SEED_BYTES), mldsa44: engine.randomBytes(SEED_BYTES) };
  const signer = await hybridSigner(engine, seeds);
  const sealing = generateIdentity(engine);
  const statement: IdentityStatement = {
    kind: 'latchkey/identity/v1',
    address,
    version: last === null ? 0 : last.version + 1,
    previous: last?.hash ?? null,
    ed25519: signer.publicKey.ed25519,
    mldsa44: signer.publicKey.mldsa44,
    seal: formatRecipient(await recipientOf(engine, sealing)),
    recovery: { by: 'kit', keysHash: recoveryKeysHash },
    holdHours,
    // There is no vault yet, or none of this root: random bytes say as much as a salted hash of nothing.
    vault: engine.randomBytes(HASH_BYTES),
  };
  const seal = formatIdentity(sealing);
  sealing.secret.fill(0);
  return { seeds, seal, statement, signer };
}

export interface ResetIdentity {
  readonly address: CanonicalAddress;
  /** The last statement of the address, of whatever kind. */
  readonly last: StatementMark;
  /** Of the identity in force. */
  readonly holdHours: number;
  /** The kit's own, which it goes on to be committed to. */
  readonly recovery: { readonly signer: HybridSigner; readonly keysHash: Uint8Array };
}

/** Fresh keys, signed by themselves and by the recovery kit. */
export async function makeResetIdentity(
  host: ByHandHost,
  { address, last, holdHours, recovery }: ResetIdentity,
): Promise<IdentitySecrets> {
  const made = await makeKeys(host, { address, last, holdHours, recoveryKeysHash: recovery.keysHash });
  const { seeds, seal, statement, signer } = made;
  return { ...seeds, seal, note: await signReset(host.engine, statement, { own: signer, recovery: recovery.signer }) };
}

export function signerOf({ engine }: ByHandHost, { ed25519, mldsa44 }: IdentitySecrets): Promise<HybridSigner> {
  return hybridSigner(engine, { ed25519, mldsa44 });
}

/** Whether these secrets are those of the statement. */
export async function keysFit(
  host: ByHandHost,
  { publicKey }: HybridSigner,
  { secrets, statement }: { readonly secrets: IdentitySecrets; readonly statement: IdentityStatement },
): Promise<boolean> {
  const sealing = sealingOf(secrets);
  if (sealing === null) return false;
  try {
    return (
      equalBytes(publicKey.ed25519, statement.ed25519) &&
      equalBytes(publicKey.mldsa44, statement.mldsa44) &&
      formatRecipient(await recipientOf(host.engine, sealing)) === statement.seal
    );
  } finally {
    sealing.secret.fill(0);
  }
}

function sealingOf({ seal }: IdentitySecrets): KeyIdentity | null {
  try {
    return parseIdentity(seal);
  } catch {
    return null;
  }
}
