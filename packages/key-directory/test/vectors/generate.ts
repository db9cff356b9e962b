/**
 * Writes vectors/key-directory: `node packages/key-directory/test/vectors/generate.ts`. Built from
 * docs/spec/12-key-directory.md with node:crypto alone, not with the code under test; the same bytes on every run. The
 * VRF's cases are those of RFC 9381, appendix B.3.
 */
import { createHash, createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const DIRECTORY_VECTORS_FOLDER: string = join(import.meta.dirname, '../../../../vectors/key-directory');

export interface LeafCase {
  readonly id: string;
  readonly leaf: string;
  /** Null where the bytes are no leaf. */
  readonly fields: { flag: string; index: string; commitment: string } | null;
}

export interface CommitmentCase {
  readonly id: string;
  readonly opening: string;
  readonly label: string;
  readonly version: number;
  readonly note: string;
  readonly commitment: string;
}

export interface OriginCase {
  readonly id: string;
  readonly domain: string;
  readonly log: 'keys' | 'index';
  readonly logKeys: readonly string[];
  readonly vrfPublicKey: string;
  readonly format: number;
  readonly origin: string;
}

export interface ReplayCase {
  readonly id: string;
  readonly leaf: string;
  readonly version: number;
  readonly positionsHash: string;
  /** Of the key log and of the map with this leaf and all before it. */
  readonly logRoot: string;
  readonly mapRoot: string;
}

export interface ProofCase {
  readonly id: string;
  readonly root: string;
  readonly key: string;
  /** Null for absence. */
  readonly value: string | null;
  readonly proof: string;
  readonly valid: boolean;
}

export interface VrfCase {
  readonly id: string;
  readonly secret: string;
  readonly publicKey: string;
  readonly input: string;
  readonly proof: string;
  readonly output: string;
}

export interface DirectoryVectors<Case> {
  readonly kind: string;
  readonly about: string;
  readonly cases: readonly Case[];
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const named = (name: string): Buffer => sha256(Buffer.from(name));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const FLAGS = ['genesis', 'signed', 'reset', 'veto', 'tombstone', 'reissue'];

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function leafOf(flag: string, index: Uint8Array, commitment: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(1, FLAGS.indexOf(flag)), index, commitment]);
}

function leaves(): DirectoryVectors<LeafCase> {
  const [index, commitment] = [named('index'), named('commitment')];
  const good = leafOf('genesis', index, commitment);
  const bad = (id: string, leaf: Uint8Array): LeafCase => ({ id, leaf: hex(leaf), fields: null });
  return {
    kind: 'leaves',
    about: 'the six leaves, and bytes that are none',
    cases: [
      ...FLAGS.map((flag) => ({
        id: flag,
        leaf: hex(leafOf(flag, index, commitment)),
        fields: { flag, index: hex(index), commitment: hex(commitment) },
      })),
      bad('unknown flag', Buffer.concat([Buffer.of(1, 6), good.subarray(2)])),
      bad('unknown type', Buffer.concat([Buffer.of(2), good.subarray(1)])),
      bad('type 0', Buffer.concat([Buffer.of(0), good.subarray(1)])),
      bad('a byte short', good.subarray(0, 65)),
      bad('a byte long', Buffer.concat([good, Buffer.of(0)])),
      bad('empty', Buffer.alloc(0)),
    ],
  };
}

function commitments(): DirectoryVectors<CommitmentCase> {
  const made = (id: string, { label, version, note }: { label: string; version: number; note: Buffer }): CommitmentCase => {
    const opening = named(id).subarray(0, 16);
    const name = Buffer.from(label);
    const input = Buffer.concat([opening, Buffer.of(name.length), name, u32(version), u32(note.length), note]);
    const mac = createHmac('sha256', Buffer.from('d821f8790d97709796b4d7903357c3f5', 'hex')).update(input).digest();
    return { id, opening: hex(opening), label, version, note: hex(note), commitment: hex(mac) };
  };
  return {
    kind: 'commitments',
    about: 'openings, notes and the commitments to them',
    cases: [
      made('a first version', { label: 'alice@example.org', version: 0, note: Buffer.from('a note\n') }),
      made('a later version', { label: 'alice@example.org', version: 65_535, note: Buffer.from('a note\n') }),
      made('an empty note', { label: 'alice@example.org', version: 1, note: Buffer.alloc(0) }),
      made('a domain in its own script', { label: 'bob@bücher.example', version: 0, note: Buffer.from('a note\n') }),
      made('the longest label', { label: 'a'.repeat(255), version: 2, note: named('note') }),
    ],
  };
}

function origins(): DirectoryVectors<OriginCase> {
  const made = (id: string, log: 'keys' | 'index', logKeys: readonly Buffer[], format = 1): OriginCase => {
    const vrf = named('vrf');
    const hash = sha256(Buffer.from('latchkey/v1/log\0'), ...logKeys, vrf, Buffer.of(format)).toString('base64url');
    const origin = `example.org/latchkey/${log}/${hash.slice(0, 22)}`;
    return { id, domain: 'example.org', log, logKeys: logKeys.map(hex), vrfPublicKey: hex(vrf), format, origin };
  };
  const mldsa = Buffer.concat(Array.from({ length: 41 }, (_, at) => named(`mldsa44 ${at}`)));
  return {
    kind: 'origins',
    about: 'origins of logs with one key and with two',
    cases: [
      made('key log', 'keys', [named('ed25519')]),
      made('index log', 'index', [named('ed25519')]),
      made('two keys', 'keys', [named('ed25519'), mldsa]),
      made('another format', 'keys', [named('ed25519')], 2),
    ],
  };
}

type Entries = ReadonlyMap<string, Buffer>;

/** RFC 6962, section 2.1, of leaf hashes. */
function logRootOf(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only === undefined) return sha256();
  if (hashes.length === 1) return only;
  let half = 1;
  while (half * 2 < hashes.length) half *= 2;
  return sha256(Buffer.of(1), logRootOf(hashes.slice(0, half)), logRootOf(hashes.slice(half)));
}

/** All keys are 64 hexadecimal digits here. */
function bitOf(key: string, bit: number): number {
  return (Number.parseInt(key[bit >> 2] ?? '0', 16) >> (3 - (bit & 3))) & 1;
}

const varint = (bit: number): Buffer => (bit < 128 ? Buffer.of(bit) : Buffer.of((bit & 127) | 128, 1));

interface Branch {
  readonly bit: number;
  readonly sides: readonly [Entries, Entries];
}

function branchOf(entries: Entries): Branch {
  for (let bit = 0; ; bit += 1) {
    const side = (which: number): Entries => new Map([...entries].filter(([key]) => bitOf(key, bit) === which));
    const sides = [side(0), side(1)] as const;
    if (sides.every((part) => part.size > 0)) return { bit, sides };
  }
}

function mapRootOf(entries: Entries): Buffer {
  const [only] = entries;
  if (only === undefined) return sha256();
  if (entries.size === 1) {
    return sha256(Buffer.of(0, 32), Buffer.from(only[0], 'hex'), Buffer.of(32), only[1]);
  }
  const { bit, sides } = branchOf(entries);
  return sha256(Buffer.of(1), varint(bit), mapRootOf(sides[0]), mapRootOf(sides[1]));
}

/** From the leaf up; and the entry at which the look-up ends. */
function pathOf(entries: Entries, key: string): { path: Buffer; end: readonly [string, Buffer] } {
  const [only] = entries;
  if (only === undefined) throw new Error('an empty map has no path');
  if (entries.size === 1) return { path: Buffer.alloc(0), end: only };
  const { bit, sides } = branchOf(entries);
  const [near, far] = bitOf(key, bit) === 0 ? sides : [sides[1], sides[0]];
  const { path, end } = pathOf(near, key);
  return { path: Buffer.concat([path, varint(bit), mapRootOf(far)]), end };
}

function proofOf(entries: Entries, key: string): Pick<ProofCase, 'root' | 'key' | 'value' | 'proof'> {
  const root = hex(mapRootOf(entries));
  if (entries.size === 0) return { root, key, value: null, proof: '' };
  const { path, end } = pathOf(entries, key);
  if (end[0] === key) return { root, key, value: hex(end[1]), proof: hex(path) };
  const other = Buffer.concat([Buffer.of(32), Buffer.from(end[0], 'hex'), Buffer.of(32), end[1]]);
  return { root, key, value: null, proof: hex(other) + hex(path) };
}

/** Who is written at each position. */
const ORDER = [0, 1, 0, 2, 3, 0, 4, 1, 5, 6, 0, 7, 8];

function positionsHashOf(who: number, before: number): Buffer {
  const positions = ORDER.flatMap((other, at) => (other === who && at <= before ? [at] : []));
  return sha256(...positions.map((position) => Buffer.concat([u32(0), u32(position)])));
}

function entriesAt(position: number): Entries {
  const written = new Set(ORDER.slice(0, position + 1));
  return new Map([...written].map((who) => [hex(named(`index ${who}`)), positionsHashOf(who, position)]));
}

function replay(): DirectoryVectors<ReplayCase> {
  const hashes: Buffer[] = [];
  const cases = ORDER.map((who, position): ReplayCase => {
    const version = ORDER.slice(0, position).filter((other) => other === who).length;
    const leaf = leafOf(version === 0 ? 'genesis' : 'signed', named(`index ${who}`), named(`commitment ${position}`));
    hashes.push(sha256(Buffer.of(0), leaf));
    return {
      id: `position ${position}`,
      leaf: hex(leaf),
      version,
      positionsHash: hex(positionsHashOf(who, position)),
      logRoot: hex(logRootOf(hashes)),
      mapRoot: hex(mapRootOf(entriesAt(position))),
    };
  });
  return { kind: 'replay', about: 'a key log leaf by leaf, with the roots of log and map', cases };
}

function proofs(): DirectoryVectors<ProofCase> {
  const entries = entriesAt(ORDER.length - 1);
  const present = proofOf(entries, hex(named('index 0')));
  const absent = proofOf(entries, hex(named('nobody')));
  const near = 'f'.repeat(64);
  const deep: Entries = new Map([near, `${'f'.repeat(63)}e`, `${'f'.repeat(32)}${'0'.repeat(32)}`].map((key) => [key, named(key)]));
  const cut = (proof: string): string => proof.slice(0, -2);
  return {
    kind: 'map-proofs',
    about: 'claims about maps, with proofs that show them and some that do not',
    cases: [
      { id: 'present', ...present, valid: true },
      { id: 'absent', ...absent, valid: true },
      { id: 'absent from the empty map', ...proofOf(new Map(), near), valid: true },
      { id: 'the only key', ...proofOf(new Map([[near, named('value')]]), near), valid: true },
      { id: 'keys that part in the last bit', ...proofOf(deep, near), valid: true },
      { id: 'another value', ...present, value: hex(named('value')), valid: false },
      { id: 'present, said to be absent', ...present, value: null, valid: false },
      { id: 'absent, said to be present', ...absent, value: hex(named('value')), valid: false },
      { id: 'another root', ...present, root: hex(mapRootOf(deep)), valid: false },
      { id: 'a byte cut off', ...present, proof: cut(present.proof), valid: false },
      { id: 'a byte more', ...present, proof: `${present.proof}00`, valid: false },
      { id: 'no proof', ...absent, proof: '', valid: false },
      { id: 'a length in two bytes', ...absent, proof: `a000${absent.proof.slice(2)}`, valid: false },
    ],
  };
}

function vrf(): DirectoryVectors<VrfCase> {
  const published: readonly (readonly [string, string, string, string, string])[] = [
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      '8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f26f8a57ccaed74ee1b190bed1f479d97' +
        '27d2d0f9b005a6e456a35d4fb0daab1268a1b0db10836d9826a528ca76567805',
      '90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff66b71dda49d2de59d03450451af02679' +
        '8e8f81cd2e333de5cdf4f3e140fdd8ae',
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      'f3141cd382dc42909d19ec5110469e4feae18300e94f304590abdced48aed5933bf0864a62558b3ed7f2fea45c92a465' +
        '301b3bbf5e3e54ddf2d935be3b67926da3ef39226bbc355bdc9850112c8f4b02',
      'eb4440665d3891d668e7e0fcaf587f1b4bd7fbfe99d0eb2211ccec90496310eb5e33821bc613efb94db5e5b54c70a848' +
        'a0bef4553a41befc57663b56373a5031',
    ],
    [
      'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '9bc0f79119cc5604bf02d23b4caede71393cedfbb191434dd016d30177ccbf8096bb474e53895c362d8628ee9f9ea3c0' +
        'e52c7a5c691b6c18c9979866568add7a2d41b00b05081ed0f58ee5e31b3a970e',
      '645427e5d00c62a23fb703732fa5d892940935942101e456ecca7bb217c61c452118fec1219202a0edcf038bb6373241' +
        '578be7217ba85a2687f7a0310b2df19f',
    ],
  ];
  const cases = published.map(([secret, publicKey, input, proof, output], at) => ({
    id: `example ${at + 16}`,
    secret,
    publicKey,
    input,
    proof,
    output,
  }));
  return { kind: 'vrf', about: 'ECVRF-EDWARDS25519-SHA512-TAI: RFC 9381, appendix B.3, examples 16 to 18', cases };
}

export function allDirectoryVectors(): readonly DirectoryVectors<unknown>[] {
  return [leaves(), commitments(), origins(), replay(), proofs(), vrf()];
}

export function vectorsText(vectors: DirectoryVectors<unknown>): string {
  return `${JSON.stringify(vectors, null, 2)}\n`;
}

if (import.meta.main) {
  mkdirSync(DIRECTORY_VECTORS_FOLDER, { recursive: true });
  for (const vectors of allDirectoryVectors()) {
    writeFileSync(join(DIRECTORY_VECTORS_FOLDER, `${vectors.kind}.json`), vectorsText(vectors));
  }
}
