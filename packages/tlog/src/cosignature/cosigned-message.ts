import { concatBytes } from '@noble/hashes/utils.js';
import { utf8 } from '@scure/base';
import { parseCheckpoint } from '../checkpoint/checkpoint.ts';
import { isCount } from '../decimal.ts';
import { TlogError } from '../errors.ts';
import { ed25519CosignatureType, mldsa44CosignatureType } from '../note/signature-type.ts';
import type { VerifierKey } from '../note/verifier-key.ts';

const SUBTREE_LABEL = utf8.decode('subtree/v1\n\0');

/**
 * What a cosigner signs about a checkpoint at a time (C2SP tlog-cosignature, "Ed25519 signed message" and "ML-DSA-44
 * signed message").
 * @throws TlogError `checkpoint_malformed` for a text that is no checkpoint; `argument_invalid` for a key of another
 * type, a time below 0 or past 2^53 − 1; under ML-DSA-44 also for extension lines and names longer than 255 bytes
 */
export function cosignedMessage(key: VerifierKey, text: string, timeSeconds: number): Uint8Array {
  const checkpoint = parseCheckpoint(text);
  if (!isCount(timeSeconds)) throw new TlogError('argument_invalid', 'a time is a whole number of seconds from 0 on');
  if (key.type === ed25519CosignatureType) return utf8.decode(`cosignature/v1\ntime ${timeSeconds}\n${text}`);
  if (key.type !== mldsa44CosignatureType) {
    throw new TlogError('argument_invalid', 'a cosignature is of type 0x04 or 0x06');
  }
  // They would stand under the signature unsigned (C2SP tlog-cosignature, "ML-DSA-44 signed message", last paragraph).
  if (checkpoint.extensions.length > 0) {
    throw new TlogError('argument_invalid', 'ML-DSA-44 does not sign extension lines: a checkpoint for it has none');
  }
  return concatBytes(
    SUBTREE_LABEL,
    shortText(key.name),
    u64(timeSeconds),
    shortText(checkpoint.origin),
    u64(0),
    u64(checkpoint.size),
    checkpoint.rootHash,
  );
}

/** `opaque <1..2^8-1>` (RFC 8446 section 3.4): one byte of length before it. */
function shortText(text: string): Uint8Array {
  const bytes = utf8.decode(text);
  if (bytes.length < 1 || bytes.length > 0xff) {
    throw new TlogError('argument_invalid', 'a name under ML-DSA-44 has 1 to 255 bytes');
  }
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
