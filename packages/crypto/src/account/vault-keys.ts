/** What stands between latches and the vault (docs/spec/05-account.md, "Vault"). */
import { asciiBytes, concatBytes } from '../age/bytes.ts';
import type { Engine } from '../engine/engine.ts';
import { requireLength } from '../engine/require-length.ts';
import { LABELS } from '../labels.ts';

const ACCOUNT_BYTES = 16;
const ROOT_BYTES = 32;
const SPACE_BYTES = 16;
const KEY_BYTES = 32;

export interface AccountPlace {
  /** Canonical. */
  readonly address: string;
  /** The server's. */
  readonly origin: string;
}

/**
 * The 16 bytes by which latches name the account. Known before the account exists, and not the server's choice: the
 * server has an id of its own.
 */
export async function accountIdOf(engine: Engine, { address, origin }: AccountPlace): Promise<Uint8Array> {
  const hash = await engine.sha256(concatBytes(LABELS.account.bytes, asciiBytes(`${address}\0${origin}`)));
  return hash.slice(0, ACCOUNT_BYTES);
}

/**
 * The epoch secret of the vault, 32 bytes; the epoch is the root's generation.
 *
 * @param root 32 bytes @param vault the space's id, 16 bytes
 * @throws CryptoError `argument_invalid`
 */
export async function vaultEpochSecret(engine: Engine, root: Uint8Array, vault: Uint8Array): Promise<Uint8Array> {
  requireLength('vault root', root, ROOT_BYTES);
  requireLength('space', vault, SPACE_BYTES);
  return engine.hkdfSha256({ secret: root, salt: vault, info: LABELS.vaultEpoch.bytes, lengthBytes: KEY_BYTES });
}
