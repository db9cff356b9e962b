/**
 * A whole directory in memory at any size: fillers with random indexes and commitments, and some real people on top,
 * whose proofs are what is measured. Fillers need no VRF of their own: an index is a VRF's output, which looks random.
 */
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import {
  commit,
  encodeIndexLeaf,
  encodeLeaf,
  logOrigin,
  Replay,
  vrfInput,
} from '../../packages/key-directory/src/index.ts';
import {
  proveHead,
  proveLookup,
  proveVrf,
  vrfPublicKey,
  type VrfProof,
} from '../../packages/key-directory/src/prove.ts';
import type { HeadAnswer, LookupAnswer } from '../../packages/key-directory/src/verify.ts';
import {
  cosign,
  ed25519CosignatureType,
  ed25519NoteType,
  EMPTY_ROOT,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  growTree,
  leafHash,
  signNote,
  verifierKey,
  withSignatures,
  type HashTiles,
  type NoteSigner,
} from '../../packages/tlog/src/index.ts';
import { Fillers } from './fillers.ts';

const DOMAIN = 'example.org';
const FILLERS_AT_ONCE = 65_536;
/** Index heads before the last one: a log that grew for about a year, an hour at a time. */
const EARLIER_HEADS = 8_760;

interface Key {
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

function ed25519Key(): Key {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    publicKey: new Uint8Array(Buffer.from(x, 'base64url')),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

class Log {
  readonly origin: string;
  readonly #key: Key;
  readonly #tiles = new Map<string, Uint8Array>();
  size = 0;
  rootHash: Uint8Array = EMPTY_ROOT;

  constructor(origin: string, key: Key) {
    this.origin = origin;
    this.#key = key;
  }

  readonly tiles: HashTiles = {
    readTile: async (level, index) => {
      const tile = this.#tiles.get(`${level}/${index}`);
      if (tile === undefined) throw new Error('no such tile');
      return tile;
    },
  };

  async append(leafHashes: readonly Uint8Array[]): Promise<void> {
    const grown = await growTree({ oldSize: this.size, tiles: this.tiles, leafHashes });
    for (const { level, index, bytes } of grown.tiles) this.#tiles.set(`${level}/${index}`, bytes);
    ({ size: this.size, rootHash: this.rootHash } = grown);
  }

  async head(cosigners: readonly NoteSigner[]): Promise<Uint8Array> {
    const { origin, size, rootHash } = this;
    const text = formatCheckpoint({ origin, size, rootHash, extensions: [] });
    const key = verifierKey(origin, ed25519NoteType, this.#key.publicKey);
    const own = await signNote({ text, signatures: [] }, [{ key, sign: this.#key.sign }]);
    const nowSeconds = Math.floor(Date.now() / 1_000);
    const lines = await Promise.all(cosigners.map((each) => cosign(own, each, nowSeconds)));
    return formatNote(withSignatures(own, lines));
  }
}

export interface Person {
  readonly label: string;
  readonly vrf: VrfProof;
  readonly opening: Uint8Array;
  readonly note: Uint8Array;
}

export interface Shown {
  readonly head: HeadAnswer;
  readonly lookup: LookupAnswer;
}

/** Pinned by a client, as plain data: it goes to a browser too. */
export interface LargePin {
  readonly domain: string;
  readonly logKey: Uint8Array;
  readonly vrfPublicKey: Uint8Array;
  readonly policy: string;
}

export interface LargeDirectory {
  readonly leaves: number;
  readonly pin: LargePin;
  readonly people: readonly Person[];
  /** Both sizes a day of updates before the last head. */
  readonly earlier: {
    readonly index: { readonly size: number; readonly rootHash: Uint8Array };
    readonly keys: { readonly size: number; readonly rootHash: Uint8Array };
  };
  firstTime(person: Person): Promise<Shown>;
  /** To somebody who has verified `earlier`, and the person's only version. */
  known(person: Person): Promise<Shown>;
}

export interface LargeOptions {
  readonly leaves: number;
  readonly people: number;
  /** Of an identity: signed by Ed25519 and ML-DSA-44, twice where it follows another. */
  readonly noteBytes: number;
}

/** Two of three witnesses and one auditor: with the log's own, nine Ed25519 signatures in both checkpoints. */
export async function largeDirectory({ leaves, people: count, noteBytes }: LargeOptions): Promise<LargeDirectory> {
  const vrfSecret = new Uint8Array(32).fill(7);
  const vrfKey = vrfPublicKey(vrfSecret);
  const logKey = ed25519Key();
  const identity = { domain: DOMAIN, logKeys: [logKey.publicKey], vrfPublicKey: vrfKey, format: 1 } as const;
  const keys = new Log(logOrigin({ ...identity, log: 'keys' }), logKey);
  const index = new Log(logOrigin({ ...identity, log: 'index' }), logKey);
  const cosigners = ['north.example/w', 'south.example/w', 'west.example/w', 'auditor.example/a'].map(cosigner);
  const witnesses = cosigners.slice(0, 3);
  const replay = new Replay();

  const people = Array.from({ length: count }, (_each, number): Person => {
    const label = `person-${number}@${DOMAIN}`;
    const bytes = new Fillers(number);
    const note = Buffer.concat(Array.from({ length: Math.ceil(noteBytes / 64) }, () => bytes.next().slice(2)));
    return {
      label,
      vrf: proveVrf(vrfSecret, vrfInput(label)),
      opening: bytes.next().slice(2, 18),
      note: new Uint8Array(note.subarray(0, noteBytes)),
    };
  });
  const kept = new Map<number, Uint8Array>();
  const fillers = new Fillers(leaves);
  const changedInADay = Math.max(1, Math.floor(leaves / 1_000));
  let earlierKeys = { size: 0, rootHash: EMPTY_ROOT };
  // People first, so that they are as old as can be.
  for (let at = 0; at < leaves;) {
    const mark = leaves - changedInADay;
    const end = Math.min(at + FILLERS_AT_ONCE, at < mark ? mark : leaves);
    const hashes: Uint8Array[] = [];
    for (; at < end; at++) {
      const person = people[at];
      const leaf = person === undefined ? fillers.next() : leafOf(person);
      if (person !== undefined) kept.set(at, leaf);
      replay.add(leaf);
      hashes.push(leafHash(leaf));
    }
    await keys.append(hashes);
    if (at === mark) earlierKeys = { size: keys.size, rootHash: keys.rootHash };
  }
  const day = 24;
  const random = new Fillers(1);
  const before = (heads: number): Uint8Array[] => Array.from({ length: heads }, () => leafHash(random.next()));
  await index.append(before(EARLIER_HEADS - day));
  const earlierIndex = { size: index.size, rootHash: index.rootHash };
  await index.append(before(day));
  const indexLeaf = encodeIndexLeaf({ mapRoot: replay.mapRoot(), checkpoint: await keys.head(witnesses) });
  await index.append([leafHash(indexLeaf)]);
  const indexCheckpoint = await index.head(cosigners);

  const lookup = (person: Person, firstVersion: number): Promise<LookupAnswer> =>
    proveLookup(
      { replay, size: keys.size, tiles: keys.tiles, readLeaf: (at) => kept.get(at) ?? new Uint8Array() },
      { vrf: person.vrf, firstVersion, openingOf: () => person },
    );
  const published = { index, keys, indexCheckpoint, indexLeaf };
  return {
    leaves,
    pin: { domain: DOMAIN, logKey: logKey.publicKey, vrfPublicKey: vrfKey, policy: policyOf(cosigners) },
    people,
    earlier: { index: earlierIndex, keys: earlierKeys },
    firstTime: async (person) => ({ head: await proveHead(published, null), lookup: await lookup(person, 0) }),
    known: async (person) => ({
      head: await proveHead(published, { index: earlierIndex.size, keys: earlierKeys.size }),
      lookup: await lookup(person, 1),
    }),
  };
}

function leafOf({ label, vrf, opening, note }: Person): Uint8Array {
  const commitment = commit({ opening, label, version: 0, note });
  return encodeLeaf({ flag: 'genesis', index: vrf.output.slice(0, 32), commitment });
}

function cosigner(name: string): NoteSigner {
  const { publicKey, sign: signWith } = ed25519Key();
  return { key: verifierKey(name, ed25519CosignatureType, publicKey), sign: signWith };
}

function policyOf(cosigners: readonly NoteSigner[]): string {
  const names = ['north', 'south', 'west', 'auditor'];
  return [
    ...cosigners.map(({ key }, at) => `witness ${names[at]} ${formatVerifierKey(key)}`),
    'group witnesses 2 north south west',
    'group auditors any auditor',
    'group both all witnesses auditors',
    'quorum both',
    '',
  ].join('\n');
}
