import { concatBytes } from '@noble/hashes/utils.js';
import { utf8 } from '@scure/base';

/** A kind of signature as C2SP signed-note names it in key ids and verifier keys. */
export interface SignatureType {
  readonly name: string;
  /** The type byte; under 0xff a longer identifier follows it. */
  readonly identifier: Uint8Array;
  readonly publicKeyBytes: number;
  readonly signatureBytes: number;
}

/** Ed25519 over the text of the note (C2SP signed-note, "Ed25519 signatures"). */
export const ed25519NoteType: SignatureType = {
  name: 'ed25519',
  identifier: Uint8Array.of(0x01),
  publicKeyBytes: 32,
  signatureBytes: 64,
};

/**
 * ML-DSA-44, pure, with an empty context, over the text of the note (docs/spec/03-signed-notes.md, "Signature types").
 * C2SP's own ML-DSA-44 type 0x06 signs a timestamp beside the text and is for cosignatures only.
 */
export const mldsa44NoteType: SignatureType = {
  name: 'mldsa44',
  identifier: concatBytes(Uint8Array.of(0xff), utf8.decode('latchkey/mldsa44/v1')),
  publicKeyBytes: 1312,
  signatureBytes: 2420,
};
