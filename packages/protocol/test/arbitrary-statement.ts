import { bech32 } from '@scure/base';
import * as fc from 'fast-check';
import { parseAddress, type CanonicalAddress } from '../src/address/canonical-address.ts';
import type { ActStatement } from '../src/statement/kind/act-statement.ts';
import type { FileStatement } from '../src/statement/kind/file-statement.ts';
import type { IdentityStatement } from '../src/statement/kind/identity-statement.ts';
import type { Member, MembershipStatement } from '../src/statement/kind/membership-statement.ts';
import type { MessageStatement } from '../src/statement/kind/message-statement.ts';
import type { TombstoneStatement } from '../src/statement/kind/tombstone-statement.ts';
import type { VetoStatement } from '../src/statement/kind/veto-statement.ts';
import type { Recovery } from '../src/statement/kind/recovery.ts';
import type { Party } from '../src/statement/party.ts';
import type { Statement } from '../src/statement/statement.ts';

const plain = { noNullPrototype: true } as const;
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const hash = bytes(32);
const ordinal = fc.oneof(fc.constantFrom(0, 1, 0xffff_ffff), fc.integer({ min: 0, max: 0xffff_ffff }));
const domain = fc.constantFrom(
  'example.org',
  'example.com',
  'localhost',
  'xn--mller-kva.example',
  '1and1.example',
  'a-b.c-d.example',
);
const quorum = fc.tuple(fc.integer({ min: 1, max: 255 }), fc.integer({ min: 1, max: 255 })).map(([a, b]) => ({
  needed: Math.min(a, b),
  total: Math.max(a, b),
}));

const address: fc.Arbitrary<CanonicalAddress> = fc
  .tuple(fc.stringMatching(/^[a-z0-9](?:[a-z0-9._-]{0,8}[a-z0-9])?$/), domain)
  .filter(([local]) => !local.includes('..'))
  .map(([local, host]) => parseAddress(`${local}@${host}`));

const party: fc.Arbitrary<Party> = fc.record({ address, version: ordinal, identity: hash }, plain);
const byAddress = (a: Party, b: Party): number => (a.address < b.address ? -1 : 1);
const parties = (maxLength: number): fc.Arbitrary<Party[]> =>
  fc.uniqueArray(party, { maxLength, selector: (one) => one.address });

/** A version or number, and the previous hash that it needs. */
const chained = fc.oneof(
  fc.constant({ ordinal: 0, previous: null }),
  fc.record({ ordinal: fc.integer({ min: 1, max: 0xffff_ffff }), previous: hash }, plain),
);

const recovery: fc.Arbitrary<Recovery> = fc.oneof(
  fc.constant({ by: 'none' } as const),
  fc.record({ by: fc.constant('kit' as const), keysHash: hash }, plain),
  fc.record({ by: fc.constant('trustees' as const), quorum, keysHash: hash }, plain),
  fc.record({ by: fc.constant('organisation' as const), domain, quorum, keysHash: hash }, plain),
);

export const identity: fc.Arbitrary<IdentityStatement> = fc
  .tuple(
    chained,
    fc.record({ address, ed25519: hash, mldsa44: bytes(1312), recovery, vault: hash }, plain),
    fc.integer({ min: 72, max: 720 }),
    bytes(1216),
  )
  .map(([{ ordinal: version, previous }, rest, holdHours, key]) => ({
    kind: 'latchkey/identity/v1',
    version,
    previous,
    ...rest,
    holdHours,
    seal: bech32.encode('age1pq', bech32.toWords(key), false),
  }));

export const veto: fc.Arbitrary<VetoStatement> = fc
  .tuple(address, fc.uniqueArray(ordinal, { minLength: 3, maxLength: 3 }), fc.tuple(hash, hash, hash))
  .map(([own, ordinals, [previous, killed, signing]]) => {
    const [by = 0, kills = 1, version = 2] = ordinals.toSorted((a, b) => a - b);
    return {
      kind: 'latchkey/veto/v1',
      address: own,
      version,
      previous,
      kills: { version: kills, hash: killed },
      by: { address: own, version: by, identity: signing },
    };
  });

export const tombstone: fc.Arbitrary<TombstoneStatement> = fc.record(
  {
    kind: fc.constant('latchkey/tombstone/v1' as const),
    address,
    version: fc.integer({ min: 1, max: 0xffff_ffff }),
    previous: hash,
  },
  plain,
);

export const message: fc.Arbitrary<MessageStatement> = fc
  .tuple(
    parties(6),
    fc.nat({ max: 6 }),
    fc.record(
      {
        kind: fc.constant('latchkey/message/v1' as const),
        id: bytes(16),
        item: hash,
        from: party,
        blind: hash,
        dateSeconds: fc.integer({ min: 0, max: 253_402_300_799 }),
        inReplyTo: fc.option(hash),
        body: hash,
        checkpoint: fc.option(hash),
        summary: hash,
        attachments: fc.array(hash, { maxLength: 12 }),
      },
      plain,
    ),
  )
  .map(([named, split, rest]) => ({
    ...rest,
    to: named.slice(0, split).toSorted(byAddress),
    cc: named.slice(split).toSorted(byAddress),
  }));

export const membership: fc.Arbitrary<MembershipStatement> = fc
  .tuple(
    chained,
    fc.tuple(party, parties(5)),
    fc.array(fc.constantFrom('administrator' as const, 'writer' as const, 'reader' as const), {
      minLength: 5,
      maxLength: 5,
    }),
    fc.record({ space: bytes(16), epoch: fc.record({ number: ordinal, commitment: hash }, plain), by: party }, plain),
  )
  .map(([{ ordinal: seq, previous }, [first, people], roles, { space, epoch, by }]) => {
    const others = people.filter(({ address: one }) => one !== first.address);
    const members: Member[] = others.map((one, index) => ({ ...one, role: roles[index] ?? 'reader' }));
    return {
      kind: 'latchkey/membership/v1',
      space,
      seq,
      previous,
      members: [...members, { ...first, role: 'administrator' as const }].toSorted(byAddress),
      epoch,
      by: seq === 0 ? first : by,
    };
  });

export const act: fc.Arbitrary<ActStatement> = fc.record(
  {
    kind: fc.constant('latchkey/act/v1' as const),
    action: fc.constantFrom(
      'log-in',
      'change-latches',
      'update-identity',
      'delete-account',
      'export-account',
      'move-account',
    ),
    account: address,
    origin: fc.constantFrom(
      'https://example.org',
      'https://example.org:8443',
      'http://localhost:7700',
      'http://[::1]:1',
    ),
    nonce: hash,
    hourSeconds: fc.integer({ min: 0, max: 70_389_527 }).map((hours) => hours * 3600),
  },
  plain,
);

const shown = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .map((text) => text.normalize('NFC'))
  .filter((text) => !/[\p{Cc}\u2028\u2029\p{Bidi_Control}]/u.test(text) && text !== '');

export const file: fc.Arbitrary<FileStatement> = fc
  .tuple(
    chained,
    fc.record(
      {
        space: bytes(16),
        record: bytes(16),
        file: bytes(16),
        item: hash,
        payloadNonce: bytes(16),
        name: shown,
        type: fc.constantFrom('text/plain', 'application/vnd.oasis.opendocument.text', 'image/svg+xml'),
        parts: fc.array(hash, { minLength: 1, maxLength: 12 }),
        by: party,
      },
      plain,
    ),
    fc.nat({ max: 8_388_608 }),
  )
  .map(([{ ordinal: version, previous }, rest, sizeBytes]) => ({
    kind: 'latchkey/file/v1',
    version,
    previous,
    ...rest,
    sizeBytes,
  }));

export const anyStatement: fc.Arbitrary<Statement> = fc.oneof(
  identity,
  veto,
  tombstone,
  message,
  membership,
  act,
  file,
);
