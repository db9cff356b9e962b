import { concatBytes } from '@noble/hashes/utils.js';
import { utf8 } from '@scure/base';

/** A kind of signature as C2SP signed-note names it in key ids and verifier keys. */
export interface SignatureType {
  readonly name: string;
  /** What `sign` and `verify` functions have to do: `ed25519` and `mldsa44` in the types here. */
  readonly algorithm: string;
  /** The type byte; under 0xff a longer identifier follows it. */
  readonly identifier: Uint8Array;
  readonly publicKeyBytes: number;
  readonly signatureBytes: number;
}

/** Ed25519 over the text of the note (C2SP signed-note, "Ed25519 signatures"). */
export const ed25519NoteType: SignatureType = {
  name: 'ed25519',
  algorithm: 'ed25519',
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
  algorithm: 'mldsa44',
  identifier: concatBytes(Uint8Array.of(0xff), utf8.decode('latchkey/mldsa44/v1')),
  publicKeyBytes: 1312,
  signatureBytes: 2420,
};

/** Ed25519 with a time, over a checkpoint: 8 bytes of time, 64 of signature (C2SP tlog-cosignature, "Format"). */
export const ed25519CosignatureType: SignatureType = {
  name: 'ed25519-cosignature',
  algorithm: 'ed25519',
  identifier: Uint8Array.of(0x04),
  publicKeyBytes: 32,
  signatureBytes: 8 + 64,
};

/** ML-DSA-44 with a time, over a checkpoint: 8 bytes of time, 2,420 of signature (C2SP tlog-cosignature, "Format"). */
export const mldsa44CosignatureType: SignatureType = {
  name: 'mldsa44-cosignature',
  algorithm: 'mldsa44',
  identifier: Uint8Array.of(0x06),
  publicKeyBytes: 1312,
  signatureBytes: 8 + 2420,
};

/** What witnesses sign with. */
export const cosignatureTypes: readonly SignatureType[] = [ed25519CosignatureType, mldsa44CosignatureType];

/** What a log signs its checkpoints with: Ed25519 over the note, ML-DSA-44 as a cosignature (tlog-checkpoint). */
export const logTypes: readonly SignatureType[] = [ed25519NoteType, mldsa44CosignatureType];

export const allNoteTypes: readonly SignatureType[] = [ed25519NoteType, mldsa44NoteType, ...cosignatureTypes];
