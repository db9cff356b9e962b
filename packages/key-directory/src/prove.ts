export { formatLookupResponse } from './prove/format-lookup-response.ts';
export { proveHead, type KnownSizes, type PublishedHead, type PublishedLog } from './prove/prove-head.ts';
export { proveLookup, type LookupRequest, type PublishedKeys } from './prove/prove-lookup.ts';
export { proveVrf, vrfPublicKey, type VrfProof } from './vrf/prove-vrf.ts';
