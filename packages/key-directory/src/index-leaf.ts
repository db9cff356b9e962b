import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { utf8 } from '@scure/base';
import { requireBytes } from './byte-fields.ts';
import { KeyDirectoryError } from './errors.ts';
import { MAX_INDEX_LEAF_BYTES } from './limits.ts';

const NEWLINE = 0x0a;
const HEX_CHARS = 64;

/** One leaf of the index log: the map that a replay of the key log up to this checkpoint gives. */
export interface IndexLeaf {
  /** 32 bytes. */
  readonly mapRoot: Uint8Array;
  /** The key log's checkpoint as a whole signed note with its cosignatures; unverified. */
  readonly checkpoint: Uint8Array;
}

/**
 * `hex(map root) "\n" checkpoint note`, as VIndex writes it.
 * @throws KeyDirectoryError `argument_invalid`
 */
export function encodeIndexLeaf({ mapRoot, checkpoint }: IndexLeaf): Uint8Array {
  requireBytes(mapRoot, 32);
  if (checkpoint.length === 0 || HEX_CHARS + 1 + checkpoint.length > MAX_INDEX_LEAF_BYTES) {
    throw new KeyDirectoryError('argument_invalid', `an index leaf has at most ${MAX_INDEX_LEAF_BYTES} bytes`);
  }
  return concatBytes(utf8.decode(`${bytesToHex(mapRoot)}\n`), checkpoint);
}

/**
 * Cuts an index leaf; the checkpoint is not read.
 * @throws KeyDirectoryError `index_leaf_malformed`
 */
export function parseIndexLeaf(bytes: Uint8Array): IndexLeaf {
  if (bytes.length > MAX_INDEX_LEAF_BYTES) throw malformed('it is too long');
  if (bytes[HEX_CHARS] !== NEWLINE) throw malformed('the first line has not 64 digits');
  if (bytes.length === HEX_CHARS + 1) throw malformed('it has no checkpoint');
  const digits = String.fromCharCode(...bytes.subarray(0, HEX_CHARS));
  if (/[^0-9a-f]/u.test(digits)) throw malformed('a digit is not one of 0-9a-f');
  return { mapRoot: hexToBytes(digits), checkpoint: bytes.slice(HEX_CHARS + 1) };
}

function malformed(why: string): KeyDirectoryError {
  return new KeyDirectoryError('index_leaf_malformed', `not a leaf of an index log: ${why}`);
}
