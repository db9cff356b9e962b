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
import type { IdentitySecrets } from './profile-file-types.ts';

const SEED_BYTES = 32;
const HASH_BYTES = 32;
/** How long a reset is announced before it counts, unless the owner says otherwise: seven days. */
const DEFAULT_HOLD_HOURS = 168;

export interface FirstIdentity {
  readonly address: CanonicalAddress;
  /** Of the kit, 32 bytes. */
  readonly recoveryKeysHash: Uint8Array;
}

/** Fresh keys and version 0 of the identity, signed by them. */
export async function makeFirstIdentity(
  { engine }: ByHandHost,
  { address, recoveryKeysHash }: FirstIdentity,
): Promise<IdentitySecrets> {
  const seeds = { ed25519: engine.randomBytes(SEED_BYTES), mldsa44: engine.randomBytes(SEED_BYTES) };
  const signer = await hybridSigner(engine, seeds);
  const sealing = generateIdentity(engine);
  const statement: IdentityStatement = {
    kind: 'latchkey/identity/v1',
    address,
    version: 0,
    previous: null,
    ed25519: signer.publicKey.ed25519,
    mldsa44: signer.publicKey.mldsa44,
    seal: formatRecipient(await recipientOf(engine, sealing)),
    recovery: { by: 'kit', keysHash: recoveryKeysHash },
    holdHours: DEFAULT_HOLD_HOURS,
    // There is no vault yet: random bytes say as much as a salted hash of nothing.
    vault: engine.randomBytes(HASH_BYTES),
  };
  const seal = formatIdentity(sealing);
  sealing.secret.fill(0);
  return { ...seeds, seal, note: await signIdentity(statement, { own: signer }) };
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
