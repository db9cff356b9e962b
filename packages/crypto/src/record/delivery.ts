/** The delivery part that travels with a header (docs/spec/04-records.md, "Delivery part"). */
import { concatBytes } from '../age/bytes.ts';
import type { Engine } from '../engine/engine.ts';
import { requireLength, requireRange } from '../engine/require-length.ts';
import { CryptoError } from '../errors.ts';
import { LABELS } from '../labels.ts';
import { decodePadded, encodePadded, LENGTH_PREFIX_BYTES } from './padded.ts';

const PADDED_BYTES = 1024;
const SEALED_BYTES: number = PADDED_BYTES + 16;
export const LONGEST_DELIVERY_BODY_BYTES: number = PADDED_BYTES - LENGTH_PREFIX_BYTES;

export interface DeliveryPlace {
  readonly engine: Engine;
  /** 16 bytes. */
  readonly fileKey: Uint8Array;
  /** The canonical text of the recipient's header, MAC line included. */
  readonly header: Uint8Array;
  /** 16 bytes. */
  readonly payloadNonce: Uint8Array;
}

/**
 * Seals the one delivery part of this header, 1,040 bytes. The header's fresh encapsulation is the salt: another text
 * for the same recipient needs a new header, and a retry sends the bytes that are there.
 *
 * @throws CryptoError `argument_invalid`
 */
export async function sealDelivery(place: DeliveryPlace, body: Uint8Array): Promise<Uint8Array> {
  requireRange('delivery part length', body.length, [0, LONGEST_DELIVERY_BODY_BYTES]);
  const { key, ad } = await keyOf(place);
  const bytes = encodePadded(body, PADDED_BYTES);
  const sealed = await place.engine.aeadSeal({ key, nonce: new Uint8Array(12), bytes, ad });
  key.fill(0);
  bytes.fill(0);
  return sealed;
}

/** @throws CryptoError `argument_invalid`; `delivery_damaged` where length, tag or padding does not fit */
export async function openDelivery(place: DeliveryPlace, sealed: Uint8Array): Promise<Uint8Array> {
  const { key, ad } = await keyOf(place);
  const padded =
    sealed.length === SEALED_BYTES
      ? await place.engine.aeadOpen({ key, nonce: new Uint8Array(12), bytes: sealed, ad })
      : null;
  const body = padded === null ? null : decodePadded(padded, () => PADDED_BYTES);
  key.fill(0);
  padded?.fill(0);
  if (body === null) throw new CryptoError('delivery_damaged', 'the delivery part does not open');
  return body;
}

async function keyOf({ engine, fileKey, header, payloadNonce }: DeliveryPlace): Promise<{
  key: Uint8Array;
  ad: Uint8Array;
}> {
  requireLength('file key', fileKey, 16);
  requireLength('payload nonce', payloadNonce, 16);
  const headerHash = await engine.sha256(header);
  const key = await engine.hkdfSha256({
    secret: fileKey,
    salt: headerHash,
    info: LABELS.deliveryKey.bytes,
    lengthBytes: 32,
  });
  return { key, ad: concatBytes(LABELS.deliveryData.bytes, headerHash, payloadNonce) };
}
