import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { requireBytes, u32be } from './byte-fields.ts';
import { KeyDirectoryError } from './errors.ts';
import { labelBytes } from './label.ts';
import { MAX_POSITIONS, MAX_VERSION_NOTE_BYTES } from './limits.ts';

/** The fixed, public key of commitments in draft-ietf-keytrans-protocol: it keeps them apart, it hides nothing. */
const COMMITMENT_KEY = hexToBytes('d821f8790d97709796b4d7903357c3f5');

/** One version of a label, opened. */
export interface OpenedVersion {
  /** 16 random bytes; who does not have them cannot test a guess at the note. */
  readonly opening: Uint8Array;
  readonly label: string;
  /** 0-based: the ordinal of the leaf among those of its index. */
  readonly version: number;
  /** The whole note, byte for byte. */
  readonly note: Uint8Array;
}

/**
 * The 32 bytes that stand in a leaf for a version (docs/spec/12-key-directory.md, "Commitment").
 * @throws KeyDirectoryError `argument_invalid` for a field beyond its limits
 */
export function commit({ opening, label, version, note }: OpenedVersion): Uint8Array {
  requireBytes(opening, 16);
  if (!Number.isInteger(version) || version < 0 || version >= MAX_POSITIONS) {
    throw new KeyDirectoryError('argument_invalid', 'a version is a whole number below the limit of positions');
  }
  if (note.length > MAX_VERSION_NOTE_BYTES) {
    throw new KeyDirectoryError('argument_invalid', `a note has at most ${MAX_VERSION_NOTE_BYTES} bytes`);
  }
  const name = labelBytes(label);
  return hmac(
    sha256,
    COMMITMENT_KEY,
    concatBytes(opening, Uint8Array.of(name.length), name, u32be(version), u32be(note.length), note),
  );
}
