import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { base64, utf8 } from '@scure/base';
import { TlogError } from '../errors.ts';
import { MAX_VERIFIER_KEY_CHARS } from '../limits.ts';
import { isKeyName } from './key-name.ts';
import { ed25519NoteType, mldsa44NoteType, type SignatureType } from './signature-type.ts';

/** A public key with the name under which it signs notes. Made by `verifierKey` or `parseVerifierKey` only. */
export interface VerifierKey {
  readonly name: string;
  readonly type: SignatureType;
  readonly publicKey: Uint8Array;
  /** Unsigned 32-bit: SHA-256(name ‖ "\n" ‖ type ‖ public key)[:4], big-endian. */
  readonly keyId: number;
}

/** @throws TlogError `argument_invalid` for a name that no note can carry, or a key of another size than the type's. */
export function verifierKey(name: string, type: SignatureType, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw new TlogError('argument_invalid', 'this name cannot stand in a signature line');
  if (publicKey.length !== type.publicKeyBytes) {
    throw new TlogError('argument_invalid', `a public key of type ${type.name} has ${type.publicKeyBytes} bytes`);
  }
  const digest = sha256(concatBytes(utf8.decode(`${name}\n`), type.identifier, publicKey));
  const keyId = new DataView(digest.buffer, digest.byteOffset).getUint32(0);
  return { name, type, publicKey: new Uint8Array(publicKey), keyId };
}

/** The verifier key as one line without a newline: `name+keyid+base64(type ‖ public key)`. */
export function formatVerifierKey(key: VerifierKey): string {
  const encodedKey = base64.encode(concatBytes(key.type.identifier, key.publicKey));
  return `${key.name}+${formatKeyId(key.keyId)}+${encodedKey}`;
}

/**
 * The key that a verifier key line names. Only the given types are known; the two of Latchkey's notes unless told.
 * @throws TlogError `verifier_key_malformed`
 */
export function parseVerifierKey(
  text: string,
  types: readonly SignatureType[] = [ed25519NoteType, mldsa44NoteType],
): VerifierKey {
  if (text.length > MAX_VERIFIER_KEY_CHARS) throw malformed('it is too long');
  const nameEnd = text.indexOf('+');
  // Base64 has `+` in its alphabet, names and key ids have not.
  const keyIdEnd = text.indexOf('+', nameEnd + 1);
  if (keyIdEnd <= nameEnd) throw malformed('it has not three parts');
  const name = text.slice(0, nameEnd);
  if (!isKeyName(name)) throw malformed('the name cannot stand in a signature line');
  const encodedKey = decodeKey(text.slice(keyIdEnd + 1));
  const type = types.find((candidate) => isOfType(encodedKey, candidate));
  if (type === undefined) throw malformed('the key is of no known type');
  const key = verifierKey(name, type, encodedKey.subarray(type.identifier.length));
  if (formatVerifierKey(key) !== text) throw malformed('the key id is not that of the key');
  return key;
}

/** Eight lower-case hexadecimal digits, as verifier keys show a key id. */
function formatKeyId(keyId: number): string {
  return keyId.toString(16).padStart(8, '0');
}

function decodeKey(encoded: string): Uint8Array {
  try {
    return base64.decode(encoded);
  } catch (cause) {
    throw malformed('the key is not base64', { cause });
  }
}

function isOfType(encodedKey: Uint8Array, type: SignatureType): boolean {
  if (encodedKey.length !== type.identifier.length + type.publicKeyBytes) return false;
  return type.identifier.every((byte, index) => encodedKey[index] === byte);
}

function malformed(why: string, options?: ErrorOptions): TlogError {
  return new TlogError('verifier_key_malformed', `not a verifier key: ${why}`, options);
}
