/** What a reader knows of a sender's identity, as the verdict needs it. */
import type { Resolution } from '../directory/types.ts';
import type { VerifiedIdentity } from '../signing/types.ts';
import type { SenderKnown } from './types.ts';

export interface SenderVersion {
  readonly identity: VerifiedIdentity;
  /** When the next version took its place, since 1970-01-01T00:00:00Z; null for the newest, and where nobody knows. */
  readonly supersededSeconds: number | null;
}

export type SenderView =
  | {
      readonly outcome: 'known';
      /** Newest first. */
      readonly versions: readonly SenderVersion[];
      /** Absent: nobody has said how. */
      readonly known?: SenderKnown;
    }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'changed' };

/** As many as anybody reads. */
const MOST_WITNESSES = 8;

/** A resolution of the directory, which does not know when versions were superseded. */
export function senderViewOf(resolution: Resolution): SenderView {
  if (resolution.outcome !== 'known') return { outcome: resolution.outcome };
  const { trust, witnesses = [], sinceSeconds = null, verified } = resolution;
  return {
    outcome: 'known',
    versions: resolution.versions.map((identity) => ({ identity, supersededSeconds: null })),
    known: {
      trust,
      witnesses: witnesses.slice(0, MOST_WITNESSES),
      sinceSeconds,
      verifiedSeconds: verified?.seconds ?? null,
    },
  };
}
