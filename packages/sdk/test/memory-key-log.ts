/** A key log in memory whose operator may say whatever its keys can sign. Honest unless a test bends it. */
import { createHash } from 'node:crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import {
  commit,
  encodeIndexLeaf,
  encodeLeaf,
  logOrigin,
  Replay,
  vrfInput,
  type LeafFlag,
} from '@latchkey/key-directory';
import { proveHead, proveLookup, proveVrf, vrfPublicKey } from '@latchkey/key-directory/prove';
import { ROUTES, type RequestOf, type ResponseOf } from '@latchkey/protocol/wire';
import {
  cosign,
  ed25519CosignatureType,
  ed25519NoteType,
  encodeEntryBundle,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  growTree,
  leafHash,
  mldsa44CosignatureType,
  parseTilePath,
  signNote,
  verifierKey,
  withSignatures,
  type HashTiles,
} from '@latchkey/tlog';
import type { LogPin } from '../src/directory/key-log/log-pin.ts';
import type { BlobBody, Wire } from '../src/ports.ts';

export type KtAnswer = ResponseOf<(typeof ROUTES)['ktResolve']>;
type DayRequest = RequestOf<(typeof ROUTES)['ktHours']>;
export type KtRequest = RequestOf<(typeof ROUTES)['ktResolve']>;

const hash = (bytes: Uint8Array | string): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

interface RawKey {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

const [logEd25519, logMldsa44] = await Promise.all([
  nodeEngine.ed25519Key(hash('log ed25519')),
  nodeEngine.mldsa44Key(hash('log mldsa44')),
]);

/** Somebody outside who cosigns. */
export interface TestWitness {
  readonly name: string;
  readonly key: ReturnType<typeof verifierKey>;
  readonly sign: RawKey['sign'];
}

export async function testWitness(name: string): Promise<TestWitness> {
  const pair: RawKey = await nodeEngine.ed25519Key(hash(`witness ${name}`));
  return {
    name,
    key: verifierKey(`${name}.example`, ed25519CosignatureType, pair.publicKey),
    sign: (m) => pair.sign(m),
  };
}

/** One tiled log. */
class MemoryLog {
  readonly origin: string;
  readonly entries: Uint8Array[] = [];
  rootHash: Uint8Array = hash('');
  readonly #tiles = new Map<string, Uint8Array>();

  constructor(origin: string) {
    this.origin = origin;
  }

  get tiles(): HashTiles {
    return {
      readTile: async (level, index) => {
        const tile = this.#tiles.get(`${level}/${index}`);
        if (tile === undefined) throw new Error('no such tile');
        return tile;
      },
    };
  }

  async append(...entries: readonly Uint8Array[]): Promise<void> {
    const leafHashes = entries.map((entry) => leafHash(entry));
    const grown = await growTree({ oldSize: this.entries.length, tiles: this.tiles, leafHashes });
    for (const { level, index, bytes } of grown.tiles) this.#tiles.set(`${level}/${index}`, bytes);
    this.entries.push(...entries);
    this.rootHash = grown.rootHash;
  }

  get size(): number {
    return this.entries.length;
  }
}

export interface Signing {
  readonly cosigners?: readonly TestWitness[];
  readonly timeSeconds?: number;
  readonly extensions?: readonly string[];
  readonly origin?: string;
}

export interface MemoryKeyLogOptions {
  readonly domain?: string;
  readonly vrfWord?: string;
  readonly witnesses?: readonly TestWitness[];
  readonly policy?: string;
  readonly nowSeconds: () => number;
}

/** They never change, and are the slowest thing here. */
const vrfProofs = new Map<string, ReturnType<typeof proveVrf>>();

export class MemoryKeyLog {
  readonly keys: MemoryLog;
  readonly index: MemoryLog;
  pin: LogPin;
  witnesses: readonly TestWitness[];
  readonly notes = new Map<number, { opening: Uint8Array; note: string }>();
  replay = new Replay();
  indexLeaf: Uint8Array = new Uint8Array();
  indexCheckpoint: Uint8Array = new Uint8Array();
  readonly #vrfSecret: Uint8Array;
  readonly #nowSeconds: () => number;

  constructor({ domain = 'localhost', vrfWord = 'vrf', witnesses = [], policy, nowSeconds }: MemoryKeyLogOptions) {
    this.#vrfSecret = hash(vrfWord);
    this.#nowSeconds = nowSeconds;
    this.witnesses = witnesses;
    const vrf = vrfPublicKey(this.#vrfSecret);
    const logKeys = [logEd25519.publicKey, logMldsa44.publicKey];
    const origin = (log: 'keys' | 'index'): string => logOrigin({ domain, log, logKeys, vrfPublicKey: vrf, format: 1 });
    this.keys = new MemoryLog(origin('keys'));
    this.index = new MemoryLog(origin('index'));
    const text = policy ?? this.#policyOf(witnesses);
    const [ed25519, mldsa44] = [logEd25519.publicKey, logMldsa44.publicKey];
    this.pin = { kind: 'key-log', v: 1, domain, policy: text, ed25519, mldsa44, vrf, from: 'first_use', before: [] };
  }

  #policyOf(witnesses: readonly TestWitness[]): string {
    const own = this.#verifierKeys(this.index.origin).map((key) => `log ${formatVerifierKey(key)}`);
    const others = witnesses.map(({ name, key }) => `witness ${name} ${formatVerifierKey(key)}`);
    const quorum =
      witnesses.length === 0
        ? ['quorum none']
        : [`group all all ${witnesses.map(({ name }) => name).join(' ')}`, 'quorum all'];
    return `${[...own, ...others, ...quorum].join('\n')}\n`;
  }

  /** Its operator asks these from now on. */
  async ask(witnesses: readonly TestWitness[]): Promise<void> {
    this.witnesses = witnesses;
    this.pin = { ...this.pin, policy: this.#policyOf(witnesses) };
    await this.publish();
  }

  #verifierKeys(origin: string): ReturnType<typeof verifierKey>[] {
    return [
      verifierKey(origin, ed25519NoteType, logEd25519.publicKey),
      verifierKey(origin, mldsa44CosignatureType, logMldsa44.publicKey),
    ];
  }

  vrf(label: string): ReturnType<typeof proveVrf> {
    const name = `${Buffer.from(this.#vrfSecret).toString('hex')} ${label}`;
    const proved = vrfProofs.get(name) ?? proveVrf(this.#vrfSecret, vrfInput(label));
    vrfProofs.set(name, proved);
    return proved;
  }

  /** @param claimed what the operator says that the statement is */
  async add(label: string, note: string, claimed?: LeafFlag): Promise<void> {
    const index = this.vrf(label).output.slice(0, 32);
    const version = this.replay.positionsOf(index).length;
    const opening = hash(`${label} ${version} ${note}`).slice(0, 16);
    const commitment = commit({ opening, label, version, note: utf8(note) });
    const leaf = encodeLeaf({ flag: claimed ?? (version === 0 ? 'genesis' : 'signed'), index, commitment });
    await this.addLeaf(leaf, { opening, note });
  }

  async addLeaf(leaf: Uint8Array, opened: { opening: Uint8Array; note: string }): Promise<void> {
    this.notes.set(this.keys.size, opened);
    await this.keys.append(leaf);
    this.replay.add(leaf);
  }

  async publish({
    mapRoot = this.replay.mapRoot(),
    keys,
    index,
    keysCheckpoint,
  }: { mapRoot?: Uint8Array; keys?: Signing; index?: Signing; keysCheckpoint?: Uint8Array } = {}): Promise<void> {
    const checkpoint = keysCheckpoint ?? (await this.sign(this.keys, keys));
    this.indexLeaf = encodeIndexLeaf({ mapRoot, checkpoint });
    await this.index.append(this.indexLeaf);
    await this.beat(index);
  }

  /** Notes of the hours so far: an honest log never changes one. */
  readonly hourNotes = new Map<number, string>();

  /** The head of the hour, with the first second of it in the log's own line; made when it is first asked for. */
  async strike(hour = Math.floor(this.#nowSeconds() / 3_600), signing: Signing = {}): Promise<string> {
    const known = this.hourNotes.get(hour);
    if (known !== undefined) return known;
    const note = await this.sign(this.index, { ...signing, timeSeconds: hour * 3_600 });
    this.hourNotes.set(hour, Buffer.from(note).toString());
    return this.strike(hour);
  }

  /** What an honest server answers. */
  async hours({ day }: DayRequest): Promise<ResponseOf<(typeof ROUTES)['ktHours']>> {
    if (this.index.size > 0) await this.strike();
    const first = Date.parse(`${day}T00:00:00Z`) / 3_600_000;
    const heads = [...this.hourNotes].map(([hour, note]) => ({ hour, note }));
    return { heads: heads.filter(({ hour }) => hour >= first && hour < first + 24) };
  }

  /** The same head with newer signatures. */
  async beat(index?: Signing): Promise<void> {
    const timeSeconds = index?.timeSeconds ?? this.#nowSeconds();
    this.indexCheckpoint = await this.sign(this.index, {
      ...index,
      timeSeconds: timeSeconds + (timeSeconds % 3_600 === 0 ? 1 : 0),
    });
  }

  async sign(log: MemoryLog, signing: Signing = {}): Promise<Uint8Array> {
    const {
      cosigners = this.witnesses,
      timeSeconds = this.#nowSeconds(),
      extensions = [],
      origin = log.origin,
    } = signing;
    const text = formatCheckpoint({ origin, size: log.size, rootHash: log.rootHash, extensions });
    const [plain, timed] = this.#verifierKeys(origin);
    if (plain === undefined || timed === undefined) throw new Error('no keys');
    let note = await signNote({ text, signatures: [] }, [{ key: plain, sign: async (m) => logEd25519.sign(m) }]);
    if (extensions.length === 0) {
      const signer = { key: timed, sign: async (m: Uint8Array) => logMldsa44.sign(m) };
      note = withSignatures(note, [await cosign(note, signer, timeSeconds)]);
    }
    for (const { key, sign } of cosigners) {
      note = withSignatures(note, [await cosign(note, { key, sign: async (m) => sign(m) }, timeSeconds)]);
    }
    return formatNote(note);
  }

  /** What an honest server answers. */
  async answer({ known, wanted }: KtRequest): Promise<KtAnswer> {
    const sizes =
      known === null || known.indexSize > this.index.size || known.keysSize > this.keys.size
        ? null
        : { index: known.indexSize, keys: known.keysSize };
    const { index, keys, indexCheckpoint, indexLeaf } = this;
    const head = await proveHead({ index, keys, indexCheckpoint, indexLeaf }, sizes);
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
    const hashes = (list: readonly Uint8Array[]): Uint8Array[] => [...list];
    return {
      head: {
        indexCheckpoint: text(head.indexCheckpoint),
        indexLeaf: text(head.indexLeaf),
        indexInclusion: hashes(head.indexInclusion),
        indexConsistency: hashes(head.indexConsistency),
        keysConsistency: hashes(head.keysConsistency),
      },
      answers: await Promise.all(wanted.map(({ address, fromVersion }) => this.lookup(address, fromVersion))),
    };
  }

  async lookup(address: string, fromVersion = 0): Promise<KtAnswer['answers'][number]> {
    const vrf = this.vrf(address);
    const positions = this.replay.positionsOf(vrf.output.slice(0, 32));
    const { size, tiles, entries } = this.keys;
    const opened = (version: number): { opening: Uint8Array; note: string } | undefined =>
      this.notes.get(positions[version] ?? -1);
    const found = await proveLookup(
      { replay: this.replay, size, tiles, readLeaf: (position) => entries[position] ?? new Uint8Array() },
      {
        vrf,
        firstVersion: fromVersion,
        openingOf: (version) => {
          const one = opened(version);
          return one === undefined ? null : { opening: one.opening, note: utf8(one.note) };
        },
      },
    );
    return {
      takes: positions.length === 0 ? 'unknown' : 'mail',
      vrfProof: found.vrfProof,
      positions: [...found.positions],
      mapProof: found.mapProof,
      leaves: found.leaves.map(({ leaf, inclusion }, at) => ({
        leaf,
        inclusion: [...inclusion],
        opened: opened(fromVersion + at) ?? null,
      })),
    };
  }

  /** What its operator says that it is. */
  policy(): ResponseOf<(typeof ROUTES)['ktPolicy']> {
    const named = (origin: string): { origin: string; verifierKeys: string[] } => ({
      origin,
      verifierKeys: this.#verifierKeys(origin).map(formatVerifierKey),
    });
    const { domain, policy, vrf } = this.pin;
    return { domain, policy, vrf, format: 1, keys: named(this.keys.origin), index: named(this.index.origin) };
  }

  /** A wire that reaches this log and nothing else. */
  wire(lie: (answer: KtAnswer, request: KtRequest) => KtAnswer | Promise<KtAnswer> = (answer) => answer): Wire {
    const unused = (): never => {
      throw new Error('not of this wire');
    };
    const answerOf = (request: KtRequest): Promise<KtAnswer> => this.answer(request);
    const hoursOf = (request: DayRequest): ReturnType<MemoryKeyLog['hours']> => this.hours(request);
    return {
      origin: 'http://localhost',
      async call(route, request) {
        // The route is that one, and so is its request's type.
        // oxlint-disable-next-line typescript/no-unnecessary-type-assertion
        if (route.path === ROUTES.ktHours.path) return (await hoursOf(request as DayRequest)) as never;
        if (route.path !== ROUTES.ktResolve.path) return unused();
        const asked = request as KtRequest;
        // The route is that one, and so is its answer's type.
        // oxlint-disable-next-line typescript/no-unnecessary-type-assertion
        return (await lie(await answerOf(asked), asked)) as never;
      },
      put: unused,
      read: (route, request) => {
        if (route.path !== ROUTES.ktTile.path) return unused();
        return this.read(request as RequestOf<(typeof ROUTES)['ktTile']>);
      },
      events: unused,
    };
  }

  /** As a server gives tiles and entries. */
  async read({ log, tile }: RequestOf<(typeof ROUTES)['ktTile']>): Promise<BlobBody> {
    const { level, index, width } = parseTilePath(`tile/${tile}`);
    const { entries, tiles } = this[log];
    const first = index * 256;
    const bytes =
      level === 'entries'
        ? encodeEntryBundle(entries.slice(first, first + width))
        : (await tiles.readTile(level, index, width)).subarray(0, width * 32);
    return blobOf(bytes);
  }
}

export function blobOf(bytes: Uint8Array): BlobBody {
  return {
    totalBytes: bytes.length,
    async *stream() {
      yield await Promise.resolve(bytes);
    },
  };
}
