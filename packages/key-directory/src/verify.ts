export { EMPTY_MAP_ROOT } from './map/map-hash.ts';
export { verifyMapProof, type MapClaim } from './map/verify-map-proof.ts';
export { openDirectory, type Directory, type DirectoryLog, type DirectoryPin } from './verify/directory.ts';
export type { HeadAnswer, StoredHead, TreeHead } from './verify/head-answer.ts';
export type { LookupAnswer, LookupLeaf, LookupOpening } from './verify/lookup-answer.ts';
export type { Refusal, RefusalReason, Rule } from './verify/refusal.ts';
export { stillCurrent } from './verify/still-current.ts';
export { MAX_HEAD_AGE_SECONDS, verifyHead, type HeadContext, type VerifiedHead } from './verify/verify-head.ts';
export {
  verifyLookup,
  type KnownVersion,
  type LookupQuestion,
  type VerifiedAbsence,
  type VerifiedHistory,
  type VerifiedVersion,
} from './verify/verify-lookup.ts';
export { verifyVrf, vrfVerifier, type VrfVerifier } from './vrf/verify-vrf.ts';
