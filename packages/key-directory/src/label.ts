import { concatBytes } from '@noble/hashes/utils.js';
import { utf8 } from '@scure/base';
import { KeyDirectoryError } from './errors.ts';
import { MAX_LABEL_BYTES } from './limits.ts';

const VRF_LABEL = 'latchkey/v1/address\0';

/**
 * A label is what versions are published under: for Latchkey a canonical address. This room compares bytes and knows
 * no other form of one.
 * @throws KeyDirectoryError `argument_invalid` for an empty label or one of more than 255 bytes
 */
export function labelBytes(label: string): Uint8Array {
  // No character takes less than a byte: what is longer is not even encoded.
  const bytes = label.length <= MAX_LABEL_BYTES && label.isWellFormed() ? utf8.decode(label) : new Uint8Array(0);
  if (bytes.length === 0 || bytes.length > MAX_LABEL_BYTES) {
    throw new KeyDirectoryError('argument_invalid', `a label has 1 to ${MAX_LABEL_BYTES} bytes of UTF-8`);
  }
  return bytes;
}

/**
 * What the VRF is computed over.
 * @throws KeyDirectoryError `argument_invalid` for an empty label or one of more than 255 bytes
 */
export function vrfInput(label: string): Uint8Array {
  return concatBytes(utf8.decode(VRF_LABEL), labelBytes(label));
}

/** The index of a label: its VRF output, cut to 32 bytes. */
export function indexOf(vrfOutput: Uint8Array): Uint8Array {
  return vrfOutput.slice(0, 32);
}
