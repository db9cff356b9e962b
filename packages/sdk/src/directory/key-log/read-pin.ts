/** What the vault holds of somebody: a standing, or the versions that were pinned before there was a key log. */
import type { SignatureVerifier } from '@latchkey/crypto/verify';
import type { CanonicalAddress } from '@latchkey/protocol';
import type { VerifiedIdentity } from '../../signing/types.ts';
import type { RecordBody, Space } from '../../sync/types.ts';
import { parsePin, pinId } from '../pin-record.ts';
import { parseStanding, type PinnedStanding } from './standing-record.ts';

export interface Pin {
  readonly body: RecordBody;
  readonly known: PinnedStanding | OlderPin;
}

/** Oldest first, without a gap; never held against the log so far. */
export interface OlderPin {
  readonly versions: readonly [VerifiedIdentity, ...VerifiedIdentity[]];
}

export interface PinParts {
  readonly engine: SignatureVerifier;
  readonly vault: Space;
}

/** Null where nothing is pinned. @throws SdkError `record_newer`, `vault_incomplete`, `statement_unverified` */
export async function readPin({ engine, vault }: PinParts, address: CanonicalAddress): Promise<Pin | null> {
  const body = (await vault.read(await pinId(vault, address)))?.body ?? null;
  if (body === null) return null;
  const standing = await parseStanding(engine, address, body);
  if (standing !== null) return { body, known: standing };
  const [first, ...others] = await parsePin(engine, address, body);
  return first === undefined ? null : { body, known: { versions: [first, ...others] } };
}

/** The newest identity that was believed. */
export function newestPinned({ known }: Pin): VerifiedIdentity {
  const versions = 'versions' in known ? known.versions : known.standing.versions.map(({ identity }) => identity);
  const newest = versions.at(-1);
  if (newest === undefined) throw new RangeError('a pin without versions');
  return newest;
}
