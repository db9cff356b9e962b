/**
 * HPKE base mode with MLKEM768-X25519 (0x647a), HKDF-SHA256 (0x0001), ChaCha20Poly1305 (0x0003), for one
 * message and empty additional data (RFC 9180, sections 4, 5.1 and 6.1; C2SP age, "mlkem768x25519").
 */
import { hex } from '@scure/base';
import type { Engine } from '../engine/engine.ts';
import { asciiBytes, concatBytes } from './bytes.ts';

const VERSION = asciiBytes('HPKE-v1');
const SUITE_ID = concatBytes(asciiBytes('HPKE'), Uint8Array.of(0x64, 0x7a, 0x00, 0x01, 0x00, 0x03));

/**
 * `key_schedule_context` of RFC 9180, section 5.1: mode ‖ psk_id_hash ‖ info_hash. Both hashes are the same for
 * every stanza (no PSK; info is age's label), so they stand here and not in five HMACs for each recipient;
 * hpke.test.ts computes them.
 */
const KEY_SCHEDULE_CONTEXT = hex.decode(
  '00' +
    '36b5ff5587a0300fc5557347ee599066af3ed897745f8ca8ca19b45f13abd977' +
    '99ab4cae8dd1108e0fe72c898240bc16f13236e8121d920a6bd8d5b678320a81',
);

export interface HpkeKey {
  /** 32 bytes, used for one message. */
  readonly key: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
}

const SECRET_INPUT = concatBytes(VERSION, SUITE_ID, asciiBytes('secret'));
const KEY_INPUT = expandInput('key', 32);
const NONCE_INPUT = expandInput('base_nonce', 12);

/** KeySchedule in base mode (RFC 9180, section 5.1): the key and nonce of message 0. */
export async function hpkeKeyOf(engine: Pick<Engine, 'hmacSha256'>, sharedSecret: Uint8Array): Promise<HpkeKey> {
  // HKDF-Extract is HMAC keyed by the salt (RFC 5869, section 2.2); 32 bytes are one block of HKDF-Expand (2.3).
  const secret = await engine.hmacSha256(sharedSecret, SECRET_INPUT);
  const key = await engine.hmacSha256(secret, KEY_INPUT);
  const block = await engine.hmacSha256(secret, NONCE_INPUT);
  const nonce = block.slice(0, 12);
  secret.fill(0);
  block.fill(0);
  return { key, nonce };
}

/** LabeledExpand (RFC 9180, section 4), as the one HMAC that it is up to 32 bytes. */
function expandInput(label: string, lengthBytes: number): Uint8Array {
  const length = Uint8Array.of(0, lengthBytes);
  return concatBytes(length, VERSION, SUITE_ID, asciiBytes(label), KEY_SCHEDULE_CONTEXT, Uint8Array.of(1));
}
