/** Pins: other people's identities as this account first saw them (docs/spec/05-account.md, "Directory"). */
import type { SignatureVerifier } from '@latchkey/crypto/verify';
import type { CanonicalAddress } from '@latchkey/protocol';
import { utf8 } from '@scure/base';
import * as v from 'valibot';
import { addressField, noteField, parseStored, storable } from '../account/stored-json.ts';
import { SdkError } from '../errors.ts';
import { verifyKeptIdentities } from '../signing/identity.ts';
import type { VerifiedIdentity } from '../signing/types.ts';
import type { RecordBody, Space } from '../sync/types.ts';

/** The newest ones, so that older mail can be verified. Each is about 11 kB. */
const MAX_PINNED_VERSIONS = 32;
/**
 * Of all of them together, in a record of at most 1 MiB. Lines of strangers below a statement make it longer, and nobody
 * is to stop his readers' mail by a pin that cannot be written. The newest one fits always.
 */
const MAX_PINNED_BYTES = 524_288;

const schema: v.GenericSchema<unknown, { readonly address: string; readonly notes: readonly string[] }> =
  v.strictObject({
    kind: v.literal('pin'),
    v: v.literal(1),
    address: addressField,
    /** Oldest first, without a gap. */
    notes: v.pipe(v.array(noteField), v.minLength(1), v.maxLength(MAX_PINNED_VERSIONS)),
  });

export function pinId(vault: Space, address: CanonicalAddress): Promise<Uint8Array> {
  return vault.nameRecord('pin', utf8.decode(address));
}

/** @param versions oldest first */
export function formatPin(address: CanonicalAddress, versions: readonly VerifiedIdentity[]): RecordBody {
  const notes: string[] = [];
  let sizeBytes = 0;
  for (const { note } of versions.slice(-MAX_PINNED_VERSIONS).toReversed()) {
    sizeBytes += utf8.decode(JSON.stringify(note)).length;
    if (notes.length > 0 && sizeBytes > MAX_PINNED_BYTES) break;
    notes.unshift(note);
  }
  return storable({ kind: 'pin', v: 1, address, notes }) as RecordBody;
}

/**
 * @returns the pinned versions, oldest first; empty where nothing is pinned
 * @throws SdkError `record_newer`; `vault_incomplete`, `statement_unverified`: the vault holds what it cannot hold
 */
export async function parsePin(
  engine: SignatureVerifier,
  address: CanonicalAddress,
  body: RecordBody | null,
): Promise<readonly VerifiedIdentity[]> {
  if (body === null) return [];
  const pin = parseStored(schema, body);
  if (pin === null && body.kind === 'pin' && body.v > 1) {
    throw new SdkError('record_newer', 'a pin was made by a newer version');
  }
  if (pin?.address !== address) throw new SdkError('vault_incomplete', 'a pin cannot be read');
  return verifyKeptIdentities(engine, pin.notes, { address });
}
