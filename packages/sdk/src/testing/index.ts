/** Door `@latchkey/sdk/testing`: a device in memory. Tests only. */
export { memoryCache } from './memory-cache.ts';
export { memoryHost, type MemoryHost, type MemoryHostParts } from './memory-host.ts';
export { memoryProfile, type MemoryProfile } from './memory-profile.ts';
