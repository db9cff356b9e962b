export { proveVrf, vrfPublicKey, type VrfProof } from './vrf/prove-vrf.ts';
