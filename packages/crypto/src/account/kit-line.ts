/** The recovery kit as one line, for its QR code (docs/spec/05-account.md, "Recovery kit"). */
import type { Engine } from '../engine/engine.ts';
import { requireLength, requireRange } from '../engine/require-length.ts';
import { CryptoError } from '../errors.ts';
import { isAddress, isOrigin, requireAddress, requireOrigin } from './address-and-origin.ts';
import { formatBase32, formatCheckedLine, parseBase32, parseCheckedLine } from './checked-line.ts';
import { KIT_ENTROPY_BYTES } from './kit-words.ts';

const KIND = 'latchkey/kit/v1';
const FIELDS = 7;
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
    KIND,
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
  const fields = await parseCheckedLine(engine, text, FIELDS);
  const [kind = '', address = '', origin = '', generationText = '', ...rest] = fields ?? [];
  const [entropyText = '', policyText = '', genesisText = ''] = rest;
  const generation = parseGeneration(generationText);
  const entropy = parseBase32(entropyText, KIT_ENTROPY_BYTES);
  const policy = policyText === NO_POLICY ? null : parseBase32(policyText, HASH_BYTES);
  const genesis = parseBase32(genesisText, HASH_BYTES);
  if (
    kind !== KIND ||
    !isAddress(address) ||
    !isOrigin(origin) ||
    generation === null ||
    entropy === null ||
    (policy === null && policyText !== NO_POLICY) ||
    genesis === null
  ) {
    throw new CryptoError('kit_malformed', 'this is no line of a recovery kit, or it was mistyped');
  }
  return { entropy, address, origin, generation, policy, genesis };
}

function parseGeneration(text: string): number | null {
  if (!/^(0|[1-9]\d{0,9})$/.test(text)) return null;
  const generation = Number(text);
  return generation <= HIGHEST_GENERATION ? generation : null;
}
