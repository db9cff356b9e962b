import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import {
  cosign,
  ed25519CosignatureType,
  ed25519NoteType,
  formatCheckpoint,
  formatNote,
  growTree,
  leafHash,
  mldsa44CosignatureType,
  parsePolicy,
  signNote,
  formatVerifierKey,
  verifierKey,
  type HashTiles,
  type Note,
  type VerifierKey,
  type VerifySignature,
} from '@latchkey/tlog';
import { commit, encodeIndexLeaf, encodeLeaf, logOrigin, Replay, vrfInput, type LeafFlag } from '../src/index.ts';
import { proveHead, proveLookup, proveVrf, vrfPublicKey, type KnownSizes } from '../src/prove.ts';
import { openDirectory, type Directory, type HeadAnswer, type LookupAnswer } from '../src/verify.ts';

export const NOW = 1_795_600_000;
export const DOMAIN = 'example.org';

/** Keys from a word, so that every run is the same. */
export function seed(word: string): Uint8Array {
  return sha256(Buffer.from(word));
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

interface Pair {
  readonly secret: KeyObject;
  readonly publicKey: Uint8Array;
}

function ed25519Pair(word: string): Pair {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const secret = createPrivateKey({ key: Buffer.concat([prefix, seed(word)]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return { secret, publicKey: new Uint8Array(spki.subarray(-32)) };
}

/** The platform has no ML-DSA-44 from a seed under one name in all versions: this one differs from run to run. */
const mldsa44 = generateKeyPairSync('ml-dsa-44');
const mldsa44PublicKey = new Uint8Array(mldsa44.publicKey.export({ format: 'der', type: 'spki' }).subarray(-1312));

export const verifySignature: VerifySignature = (key, message, signature) => {
  if (key.type.algorithm === 'mldsa44') return verify(null, message, mldsa44.publicKey, signature);
  const prefix = Buffer.from('302a300506032b6570032100', 'hex');
  const publicKey = createPublicKey({ key: Buffer.concat([prefix, key.publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, publicKey, signature);
};

export class Witness {
  readonly key: VerifierKey;
  readonly #pair: Pair;

  constructor(word: string) {
    this.#pair = ed25519Pair(word);
    this.key = verifierKey(`${word}.example`, ed25519CosignatureType, this.#pair.publicKey);
  }

  sign(message: Uint8Array): Uint8Array {
    return new Uint8Array(sign(null, message, this.#pair.secret));
  }
}

export const WITNESSES: readonly Witness[] = ['north', 'south', 'west'].map((word) => new Witness(word));
export const AUDITOR: Witness = new Witness('auditor');
const [NORTH, SOUTH, WEST] = WITNESSES as [Witness, Witness, Witness];

/** Two of three witnesses, and the auditor. */
export const POLICY_TEXT: string = [
  ...WITNESSES.map(({ key }, at) => `witness ${['north', 'south', 'west'][at]} ${formatVerifierKey(key)}`),
  `witness auditor ${formatVerifierKey(AUDITOR.key)}`,
  'group witnesses 2 north south west',
  'group auditors any auditor',
  'group quorum all witnesses auditors',
  'quorum quorum',
  '',
].join('\n');

export interface Entry {
  readonly label: string;
  readonly note: string;
  readonly flag?: LeafFlag;
}

export interface Cosigner {
  readonly key: VerifierKey;
  sign(message: Uint8Array): Uint8Array;
}

interface Signing {
  readonly cosigners?: readonly Cosigner[];
  readonly timeSeconds?: number;
  readonly extensions?: readonly string[];
  readonly origin?: string;
}

/** A log in memory: its entries, its tiles, and a key that signs whatever the test wants. */
export class SmallLog {
  readonly origin: string;
  readonly entries: Uint8Array[] = [];
  /** What the storage makes of a tile when it is read. */
  spoilTile: (tile: Uint8Array) => Uint8Array = (tile) => tile;
  readonly #tiles = new Map<string, Uint8Array>();
  #root: Uint8Array = sha256(new Uint8Array(0));
  readonly #pair: Pair;

  constructor(origin: string, word: string) {
    this.origin = origin;
    this.#pair = ed25519Pair(word);
  }

  get key(): VerifierKey {
    return verifierKey(this.origin, ed25519NoteType, this.#pair.publicKey);
  }

  get size(): number {
    return this.entries.length;
  }

  get rootHash(): Uint8Array {
    return this.#root;
  }

  get tiles(): HashTiles {
    return {
      readTile: async (level, index) => {
        const tile = this.#tiles.get(`${level}/${index}`);
        if (tile === undefined) throw new Error(`no tile ${level}/${index}`);
        return this.spoilTile(tile);
      },
    };
  }

  async append(entry: Uint8Array): Promise<void> {
    const grown = await growTree({ oldSize: this.size, tiles: this.tiles, leafHashes: [leafHash(entry)] });
    for (const { level, index, bytes } of grown.tiles) this.#tiles.set(`${level}/${index}`, bytes);
    this.entries.push(entry);
    this.#root = grown.rootHash;
  }

  async checkpoint({ cosigners = [], timeSeconds = NOW, extensions = [], origin = this.origin }: Signing = {}) {
    const text = formatCheckpoint({ origin, size: this.size, rootHash: this.#root, extensions });
    return this.signText(text, { cosigners, timeSeconds });
  }

  async signText(text: string, { cosigners = [], timeSeconds = NOW }: Signing = {}): Promise<Uint8Array> {
    const signer = {
      key: this.key,
      sign: (message: Uint8Array) => new Uint8Array(sign(null, message, this.#pair.secret)),
    };
    let note: Note = await signNote({ text, signatures: [] }, [signer]);
    for (const cosigner of cosigners) {
      const line = await cosign({ text, signatures: [] }, cosigner, timeSeconds);
      note = { text, signatures: [...note.signatures, line] };
    }
    return formatNote(note);
  }
}

interface Making {
  readonly vrfWord?: string;
  readonly policyText?: string;
  /** Whether the logs have an ML-DSA-44 key too; `hybridLine` signs with it. */
  readonly hybrid?: boolean;
}

/** A log's own ML-DSA-44 line. */
export function hybridLine(origin: string): Cosigner {
  const key = verifierKey(origin, mldsa44CosignatureType, mldsa44PublicKey);
  return { key, sign: (message) => new Uint8Array(sign(null, message, mldsa44.privateKey)) };
}

/** They never change, and are the slowest part of these tests. */
const vrfProofs = new Map<string, ReturnType<typeof proveVrf>>();

/** A whole directory in memory, honest unless a test bends it. */
export class SmallDirectory {
  readonly vrfSecret: Uint8Array;
  readonly keys: SmallLog;
  readonly index: SmallLog;
  readonly replay = new Replay(sha256);
  readonly openings: { opening: Uint8Array; note: Uint8Array }[] = [];
  readonly directory: Directory;
  indexLeaf: Uint8Array = new Uint8Array(0);
  indexCheckpoint: Uint8Array = new Uint8Array(0);

  constructor({ vrfWord = 'vrf', policyText = POLICY_TEXT, hybrid = false }: Making = {}) {
    this.vrfSecret = seed(vrfWord);
    const vrfKey = vrfPublicKey(this.vrfSecret);
    const logKeys = hybrid ? [ed25519Pair('log').publicKey, mldsa44PublicKey] : [ed25519Pair('log').publicKey];
    const identity = { domain: DOMAIN, logKeys, vrfPublicKey: vrfKey, format: 1 } as const;
    this.keys = new SmallLog(logOrigin({ ...identity, log: 'keys' }), 'log');
    this.index = new SmallLog(logOrigin({ ...identity, log: 'index' }), 'log');
    const policy = parsePolicy(policyText);
    this.directory = openDirectory({ domain: DOMAIN, logKeys, vrfPublicKey: vrfKey, policy, verifySignature });
  }

  vrf(label: string): ReturnType<typeof proveVrf> {
    const name = `${Buffer.from(this.vrfSecret).toString('hex')} ${label}`;
    const proved = vrfProofs.get(name) ?? proveVrf(this.vrfSecret, vrfInput(label));
    vrfProofs.set(name, proved);
    return proved;
  }

  indexOf(label: string): Uint8Array {
    return this.vrf(label).output.slice(0, 32);
  }

  /** The leaf and opening of a label's next version; nothing is appended. */
  leafFor({ label, note, flag }: Entry): { leaf: Uint8Array; opening: Uint8Array; note: Uint8Array } {
    const index = this.indexOf(label);
    const version = this.replay.positionsOf(index).length;
    const opening = seed(`${label} ${version} ${note}`).slice(0, 16);
    const bytes = new Uint8Array(Buffer.from(note));
    const commitment = commit({ opening, label, version, note: bytes });
    const leaf = encodeLeaf({ flag: flag ?? (version === 0 ? 'genesis' : 'signed'), index, commitment });
    return { leaf, opening, note: bytes };
  }

  async add(entry: Entry): Promise<void> {
    const { leaf, opening, note } = this.leafFor(entry);
    await this.keys.append(leaf);
    this.openings[this.keys.size - 1] = { opening, note };
    this.replay.add(leaf);
  }

  /** Publishes what was added: one index leaf, both checkpoints cosigned by all. */
  async publish({
    mapRoot = this.replay.mapRoot(),
    keys,
    index,
  }: { mapRoot?: Uint8Array; keys?: Signing; index?: Signing } = {}) {
    const checkpoint = await this.keys.checkpoint({ cosigners: WITNESSES, ...keys });
    this.indexLeaf = encodeIndexLeaf({ mapRoot, checkpoint });
    await this.index.append(this.indexLeaf);
    await this.sign(index);
  }

  async sign(index: Signing = {}): Promise<void> {
    this.indexCheckpoint = await this.index.checkpoint({ cosigners: [NORTH, SOUTH, WEST, AUDITOR], ...index });
  }

  head(known: KnownSizes | null = null): Promise<HeadAnswer> {
    const { index, keys, indexCheckpoint, indexLeaf } = this;
    return proveHead({ index, keys, indexCheckpoint, indexLeaf }, known);
  }

  lookup(label: string, firstVersion = 0): Promise<LookupAnswer> {
    const vrf = this.vrf(label);
    const positions = this.replay.positionsOf(vrf.output.slice(0, 32));
    const { size, tiles, entries } = this.keys;
    return proveLookup(
      { replay: this.replay, size, tiles, readLeaf: (position) => entries[position] ?? new Uint8Array(0) },
      { vrf, firstVersion, openingOf: (version) => this.openings[positions[version] ?? -1] ?? null },
    );
  }
}
