export { TlogError, type TlogErrorCode } from './errors.ts';
export { MAX_NOTE_BYTES, MAX_NOTE_SIGNATURES, MAX_VERIFIER_KEY_CHARS } from './limits.ts';
export { formatNote } from './note/format-note.ts';
export type { Note, NoteSignature } from './note/note.ts';
export { parseNote } from './note/parse-note.ts';
export { signNote, type NoteSigner } from './note/sign-note.ts';
export { ed25519NoteType, mldsa44NoteType, type SignatureType } from './note/signature-type.ts';
export { formatVerifierKey, parseVerifierKey, verifierKey, type VerifierKey } from './note/verifier-key.ts';
export { verifyNote, type NoteRefused, type NoteVerified, type NoteVerifier } from './note/verify-note.ts';
