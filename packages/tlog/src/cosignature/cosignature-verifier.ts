import { utf8 } from '@scure/base';
import { TlogError } from '../errors.ts';
import { cosignatureTypes } from '../note/signature-type.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import type { NoteVerifier } from '../note/verify-note.ts';
import { cosignedMessage } from './cosigned-message.ts';
import { COSIGNATURE_TIME_BYTES, readTime } from './cosignature-time.ts';

/** A cosigner's key and the raw algorithm, strict, false for anything but a valid signature of the message. */
export interface CosignatureVerifier {
  /** Of type 0x04 or 0x06. */
  readonly key: VerifierKey;
  verify(message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
}

/** The raw algorithm of a key's type (`key.type.algorithm`), strict. */
export type VerifySignature = (
  key: VerifierKey,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>;

/**
 * A verifier for `verifyNote`, so that the lines of logs and of witnesses are checked alike. Refuses a cosignature of
 * any text that is not a checkpoint.
 * @throws TlogError `argument_invalid` for a key of another type
 */
export function cosignatureVerifier(cosigner: CosignatureVerifier): NoteVerifier {
  const { key } = cosigner;
  if (!cosignatureTypes.includes(key.type)) {
    throw new TlogError('argument_invalid', 'a cosignature is of type 0x04 or 0x06');
  }
  return {
    key,
    verify: (text, line) => {
      const timeSeconds = readTime(line);
      const message = timeSeconds === null ? null : messageOf(key, text, timeSeconds);
      return message !== null && cosigner.verify(message, line.subarray(COSIGNATURE_TIME_BYTES));
    },
  };
}

/** The verifier for a key of any known type: cosignature types get their message, note types the text itself. */
export function noteVerifier(key: VerifierKey, verifySignature: VerifySignature): NoteVerifier {
  const raw = {
    key,
    verify: (message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean> =>
      verifySignature(key, message, signature),
  };
  return cosignatureTypes.includes(key.type) ? cosignatureVerifier(raw) : raw;
}

function messageOf(key: VerifierKey, text: Uint8Array, timeSeconds: number): Uint8Array | null {
  try {
    return cosignedMessage(key, utf8.encode(text), timeSeconds);
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}
