/** Where one stands with an address, as a pin in the vault (docs/spec/14-proving-directory.md, "Pins"). */
import type { SignatureVerifier } from '@latchkey/crypto/verify';
import type { KnownVersion } from '@latchkey/key-directory/verify';
import type { CanonicalAddress } from '@latchkey/protocol';
import { utf8 } from '@scure/base';
import * as v from 'valibot';
import {
  addressField,
  bytesField,
  noteField,
  parseStored,
  secondsField,
  storable,
  u32Field,
} from '../../account/stored-json.ts';
import { SdkError } from '../../errors.ts';
import { verifyKeptIdentities } from '../../signing/identity.ts';
import type { VerifiedIdentity } from '../../signing/types.ts';
import type { RecordBody } from '../../sync/types.ts';
import type { InForce, Standing } from '../history/standing.ts';
import type { VerifiedByPerson } from '../types.ts';

/** As of version 1: older mail is verified by them. */
const MAX_VERSIONS = 32;
const MAX_BYTES = 524_288;
const MAX_KILLED = 8;

/** A standing, and where its last statement stands in the key log. */
export interface PinnedStanding {
  readonly standing: Standing;
  readonly position: number;
  /** 32 bytes: where the pinned log's map has this address, as it was proved; null where that was not noted. */
  readonly index: Uint8Array | null;
  /** When this account first saw the address proved; null where that was not noted. */
  readonly sinceSeconds: number | null;
  /** Null where no person has compared these keys. */
  readonly verified: VerifiedByPerson | null;
}

const mark = v.strictObject({ version: u32Field, hash: bytesField(32) });
const kept = v.strictObject({ note: noteField, recoveryCountsSeconds: secondsField });
const schema = v.strictObject({
  kind: v.literal('pin'),
  v: v.literal(2),
  address: addressField,
  genesis: bytesField(32),
  last: mark,
  position: secondsField,
  /** Pins from before it was noted have none. */
  index: v.optional(v.nullable(bytesField(32)), null),
  versions: v.pipe(v.array(kept), v.minLength(1), v.maxLength(MAX_VERSIONS)),
  waiting: v.nullable(
    v.strictObject({
      kind: v.picklist(['reset', 'reissue']),
      announced: mark,
      note: noteField,
      countsSeconds: v.nullable(secondsField),
      kit: v.nullable(bytesField(32)),
      overrides: v.boolean(),
      former: v.optional(v.nullable(noteField), null),
    }),
  ),
  vetoedKits: v.pipe(v.array(bytesField(32)), v.maxLength(MAX_KILLED)),
  killed: v.pipe(v.array(noteField), v.maxLength(MAX_KILLED)),
  ended: v.nullable(v.strictObject({ version: u32Field, seenSeconds: secondsField })),
  disputed: v.boolean(),
  reissued: v.optional(v.nullable(u32Field), null),
  /** Pins from before these were noted have neither. */
  sinceSeconds: v.optional(v.nullable(secondsField), null),
  verified: v.optional(v.nullable(v.strictObject({ identity: bytesField(32), seconds: secondsField })), null),
});

export function formatStanding({ standing, position, index, sinceSeconds, verified }: PinnedStanding): RecordBody {
  const { versions, waiting, killed, ...rest } = standing;
  return storable({
    kind: 'pin',
    v: 2,
    address: rest.address,
    genesis: rest.genesis,
    last: rest.last,
    position,
    index,
    versions: newestOf(versions).map(({ identity, recoveryCountsSeconds }) => ({
      note: identity.note,
      recoveryCountsSeconds,
    })),
    waiting: waiting === null ? null : formatWaiting(waiting),
    vetoedKits: rest.vetoedKits,
    killed: killed.slice(-MAX_KILLED).map(({ note }) => note),
    ended: rest.ended,
    disputed: rest.disputed,
    reissued: rest.reissued,
    sinceSeconds,
    verified,
  }) as RecordBody;
}

function formatWaiting({ identity, former, ...rest }: NonNullable<Standing['waiting']>): object {
  return { ...rest, note: identity.note, former: former?.note ?? null };
}

/** Lines of strangers make notes longer: nobody is to stop mail by a pin that cannot be written. */
function newestOf(versions: readonly InForce[]): readonly InForce[] {
  const newest: InForce[] = [];
  let sizeBytes = 0;
  for (const each of versions.slice(-MAX_VERSIONS).toReversed()) {
    sizeBytes += utf8.decode(JSON.stringify(each.identity.note)).length;
    if (newest.length > 0 && sizeBytes > MAX_BYTES) break;
    newest.unshift(each);
  }
  return newest;
}

/** Null where the body is a pin of another version. @throws SdkError `vault_incomplete`, `statement_unverified` */
export async function parseStanding(
  engine: SignatureVerifier,
  address: CanonicalAddress,
  body: RecordBody,
): Promise<PinnedStanding | null> {
  if (body.kind !== 'pin' || body.v !== 2) return null;
  const pin = parseStored(schema, body);
  if (pin?.address !== address) throw new SdkError('vault_incomplete', 'a pin cannot be read');
  const keptOf = async (note: string): Promise<VerifiedIdentity> => {
    const [identity] = await verifyKeptIdentities(engine, [note], { address });
    if (identity === undefined) throw new SdkError('vault_incomplete', 'a pin cannot be read');
    return identity;
  };
  const versions: InForce[] = [];
  for (const { note, recoveryCountsSeconds } of pin.versions) {
    versions.push({ identity: await keptOf(note), recoveryCountsSeconds });
  }
  const [first, ...others] = versions;
  if (first === undefined) throw new SdkError('vault_incomplete', 'a pin cannot be read');
  const { genesis, last, vetoedKits, ended, disputed, waiting, position } = pin;
  const killed = await Promise.all(pin.killed.map(keptOf));
  return {
    position,
    index: pin.index,
    sinceSeconds: pin.sinceSeconds,
    verified: pin.verified,
    standing: {
      address,
      genesis,
      last,
      versions: [first, ...others],
      waiting:
        waiting === null
          ? null
          : {
              kind: waiting.kind,
              announced: waiting.announced,
              identity: await keptOf(waiting.note),
              countsSeconds: waiting.countsSeconds,
              kit: waiting.kit,
              overrides: waiting.overrides,
              former: waiting.former === null ? null : await keptOf(waiting.former),
            },
      vetoedKits,
      killed,
      ended,
      disputed,
      reissued: pin.reissued,
    },
  };
}

export function knownOf({ standing, position, index }: PinnedStanding): KnownVersion {
  return { version: standing.last.version, position, ...(index === null ? {} : { index }) };
}
