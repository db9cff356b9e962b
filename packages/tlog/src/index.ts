export { formatCheckpoint, parseCheckpoint, type Checkpoint } from './checkpoint/checkpoint.ts';
export { cosign } from './cosignature/cosign.ts';
export { cosignatureTime } from './cosignature/cosignature-time.ts';
export {
  cosignatureVerifier,
  noteVerifier,
  type CosignatureVerifier,
  type VerifySignature,
} from './cosignature/cosignature-verifier.ts';
export { cosignedMessage } from './cosignature/cosigned-message.ts';
export { TlogError, type TlogErrorCode } from './errors.ts';
export {
  MAX_ADD_CHECKPOINT_BYTES,
  MAX_CHECKPOINT_CHARS,
  MAX_ENTRY_BYTES,
  MAX_NOTE_BYTES,
  MAX_NOTE_SIGNATURES,
  MAX_POLICY_CHARS,
  MAX_POLICY_LINES,
  MAX_PROOF_HASHES,
  MAX_TLOG_PROOF_BYTES,
  MAX_VERIFIER_KEY_CHARS,
  TILE_WIDTH,
} from './limits.ts';
export { EMPTY_ROOT, leafHash, nodeHash, type Sha256 } from './merkle/hash.ts';
export { RunningTree } from './merkle/running-tree.ts';
export { sha256 } from './merkle/sha256.ts';
export { verifyConsistency, type ConsistencyClaim } from './merkle/verify-consistency.ts';
export { verifyInclusion, type InclusionClaim } from './merkle/verify-inclusion.ts';
export { formatNote } from './note/format-note.ts';
export type { Note, NoteSignature } from './note/note.ts';
export { parseNote } from './note/parse-note.ts';
export { signNote, type NoteSigner } from './note/sign-note.ts';
export {
  allNoteTypes,
  cosignatureTypes,
  ed25519CosignatureType,
  ed25519NoteType,
  logTypes,
  mldsa44CosignatureType,
  mldsa44NoteType,
  type SignatureType,
} from './note/signature-type.ts';
export { formatVerifierKey, parseVerifierKey, verifierKey, type VerifierKey } from './note/verifier-key.ts';
export { verifyNote, type NoteRefused, type NoteVerified, type NoteVerifier } from './note/verify-note.ts';
export { withSignatures } from './note/with-signatures.ts';
export {
  evaluatePolicy,
  type Cosigned,
  type PolicyQuestion,
  type PolicyRefused,
  type PolicySatisfied,
} from './policy/evaluate-policy.ts';
export { formatPolicy } from './policy/format-policy.ts';
export { parsePolicy } from './policy/parse-policy.ts';
export { NO_QUORUM, type Policy, type PolicyGroup, type PolicyLog, type PolicyWitness } from './policy/policy.ts';
export { quorumReached } from './policy/quorum.ts';
export { formatTlogProof, parseTlogProof, type ParsedTlogProof, type TlogProof } from './proof/tlog-proof.ts';
export {
  verifyTlogProof,
  type TlogProofQuestion,
  type TlogProofRefused,
  type TlogProofVerified,
} from './proof/verify-tlog-proof.ts';
export { decodeEntryBundle, encodeEntryBundle } from './tiles/entry-bundle.ts';
export { growTree, treeRoot, type Growth } from './tiles/grow-tree.ts';
export type { HashTile, HashTiles } from './tiles/hash-tiles.ts';
export { inclusionProver, proveConsistency, proveInclusion } from './tiles/prove.ts';
export { formatTilePath, parseTilePath, type TileName } from './tiles/tile-path.ts';
export {
  formatAddCheckpoint,
  parseAddCheckpoint,
  type AddCheckpoint,
  type ParsedAddCheckpoint,
} from './witness/add-checkpoint.ts';
export {
  decideAddCheckpoint,
  type WitnessDecision,
  type WitnessedLog,
  type WitnessHead,
} from './witness/decide-add-checkpoint.ts';
export {
  formatCosignatures,
  formatSizeAnswer,
  parseCosignatures,
  parseSizeAnswer,
  SIZE_CONTENT_TYPE,
  witnessCheckpointPath,
} from './witness/witness-answer.ts';
