/** The recovery kit as one line, for its QR code (docs/spec/05-account.md, "Recovery kit"). */
import type { Engine } from '../engine/engine.ts';
import { requireLength, requireRange } from '../engine/require-length.ts';
import { CryptoError } from '../errors.ts';
import { isAddress, isOrigin, requireAddress, requireOrigin } from './address-and-origin.ts';
import { formatBase32, formatCheckedLine, parseBase32, parseCheckedLine } from './checked-line.ts';
import { KIT_ENTROPY_BYTES } from './kit-words.ts';

const FORM = {
  kind: 'latchkey/kit/v1',
  names: ['address', 'origin', 'generation', 'entropy', 'policy', 'genesis'],
} as const;
const HASH_BYTES = 32;
const HIGHEST_GENERATION = 0xffff_ffff;
const NO_POLICY = 'none';

export interface KitLine {
  /** 32 bytes. */
  readonly entropy: Uint8Array;
  readonly address: string;
  readonly origin: string;
  /** Of the vault root when the kit was made. */
  readonly generation: number;
  /** Hash of the trust policy, 32 bytes. */
  readonly policy: Uint8Array | null;
  /** Hash of the identity statement of version 0, 32 bytes. */
  readonly genesis: Uint8Array;
}

/**
 * One line of lower-case ASCII, at most 800 characters. It opens the account without a password.
 *
 * @throws CryptoError `argument_invalid`
 */
export async function formatKitLine(engine: Engine, kit: KitLine): Promise<string> {
  const { entropy, address, origin, generation, policy, genesis } = kit;
  requireLength('kit entropy', entropy, KIT_ENTROPY_BYTES);
  requireLength('genesis hash', genesis, HASH_BYTES);
  requireRange('generation', generation, [0, HIGHEST_GENERATION]);
  if (policy !== null) requireLength('policy hash', policy, HASH_BYTES);
  requireAddress(address);
  requireOrigin(origin);
  return formatCheckedLine(engine, [
    FORM.kind,
    address,
    origin,
    String(generation),
    formatBase32(entropy),
    policy === null ? NO_POLICY : formatBase32(policy),
    formatBase32(genesis),
  ]);
}

/**
 * Takes capitals and runs of spaces; everything else must be as it was printed. That address and origin are canonical
 * is still to be checked.
 *
 * @throws CryptoError `kit_malformed`: no kit, one of a newer version, or mistyped
 */
export async function parseKitLine(engine: Engine, text: string): Promise<KitLine> {
  const fields = await parseCheckedLine(engine, FORM, text);
  if (fields === null) throw malformed();
  const { address, origin } = fields;
  const generation = parseGeneration(fields.generation);
  const entropy = parseBase32(fields.entropy, KIT_ENTROPY_BYTES);
  const policy = fields.policy === NO_POLICY ? null : parseBase32(fields.policy, HASH_BYTES);
  const genesis = parseBase32(fields.genesis, HASH_BYTES);
  if (!isAddress(address) || !isOrigin(origin) || generation === null || entropy === null || genesis === null) {
    throw malformed();
  }
  if (policy === null && fields.policy !== NO_POLICY) throw malformed();
  return { entropy, address, origin, generation, policy, genesis };
}

function malformed(): CryptoError {
  return new CryptoError('kit_malformed', 'this is no line of a recovery kit, or it was mistyped');
}

function parseGeneration(text: string): number | null {
  if (!/^(0|[1-9]\d*)$/.test(text)) return null;
  const generation = Number(text);
  return generation <= HIGHEST_GENERATION ? generation : null;
}
