import type { ByHandHost, ClientHost, RecordCache } from '../ports.ts';
import { memoryCache } from './memory-cache.ts';
import { memoryProfile, type MemoryProfile } from './memory-profile.ts';

export interface MemoryHost extends ClientHost {
  readonly profile: MemoryProfile;
}

/** What only a platform can give; everything else of a host is memory. */
export type MemoryHostParts = ByHandHost &
  Pick<ClientHost, 'clock' | 'connect' | 'login'> & { readonly cache?: RecordCache; readonly profile?: MemoryProfile };

/** A device that forgets everything when the test ends. */
export function memoryHost(parts: MemoryHostParts): MemoryHost {
  return {
    ...parts,
    cache: parts.cache ?? memoryCache(),
    profile: parts.profile ?? memoryProfile(),
  };
}
