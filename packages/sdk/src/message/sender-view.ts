/** What a reader knows of a sender's identity, as the verdict needs it. */
import type { Resolution } from '../directory/types.ts';
import type { VerifiedIdentity } from '../signing/types.ts';

export interface SenderVersion {
  readonly identity: VerifiedIdentity;
  /** When the next version took its place, since 1970-01-01T00:00:00Z; null for the newest, and where nobody knows. */
  readonly supersededSeconds: number | null;
}

export type SenderView =
  | { readonly outcome: 'known'; /** Newest first. */ readonly versions: readonly SenderVersion[] }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'changed' };

/** A resolution of the directory, which does not know when versions were superseded. */
export function senderViewOf(resolution: Resolution): SenderView {
  if (resolution.outcome !== 'known') return { outcome: resolution.outcome };
  return {
    outcome: 'known',
    versions: resolution.versions.map((identity) => ({ identity, supersededSeconds: null })),
  };
}
