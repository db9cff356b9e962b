export { verifyMapProof, type MapClaim } from './map/verify-map-proof.ts';
export type { HeadAnswer, StoredHead, TreeHead } from './verify/head-answer.ts';
export type { LookupAnswer, LookupLeaf, LookupOpening } from './verify/lookup-answer.ts';
export type { Refusal, RefusalReason, Rule } from './verify/refusal.ts';
export { verifyVrf, vrfVerifier, type VrfVerifier } from './vrf/verify-vrf.ts';
