import { generateKeyPairSync, sign } from 'node:crypto';
import {
  ed25519NoteType,
  formatAddCheckpoint,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  growTree,
  leafHash,
  proveConsistency,
  RunningTree,
  signNote,
  TILE_WIDTH,
  verifierKey,
  type HashTiles,
  type NoteSignature,
  type NoteSigner,
} from '@latchkey/tlog';

/** A log in memory that signs whatever a test wants, forks too. */
export class TestLog {
  readonly origin: string;
  readonly signer: NoteSigner;
  readonly entries: Uint8Array[] = [];
  readonly #tiles = new Map<string, Uint8Array>();
  readonly #roots: Uint8Array[] = [new RunningTree().rootHash()];

  constructor(origin: string, signer: NoteSigner = ed25519Signer(origin)) {
    this.origin = origin;
    this.signer = signer;
  }

  get line(): string {
    return `log ${formatVerifierKey(this.signer.key)}`;
  }

  /** The same key over other leaves from a size on. */
  async fork(size: number): Promise<TestLog> {
    const other = new TestLog(this.origin, this.signer);
    await other.add(...this.entries.slice(0, size));
    return other;
  }

  async add(...entries: Uint8Array[]): Promise<void> {
    for (const entry of entries) {
      const oldSize = this.entries.length;
      const { tiles, rootHash } = await growTree({ oldSize, tiles: this.tiles, leafHashes: [leafHash(entry)] });
      for (const { level, index, bytes } of tiles) this.#tiles.set(`${level}/${index}`, bytes);
      this.entries.push(entry);
      this.#roots.push(rootHash);
    }
  }

  readonly tiles: HashTiles = {
    readTile: (level, index) => Promise.resolve(this.#tiles.get(`${level}/${index}`) ?? new Uint8Array(0)),
  };

  rootAt(size: number): Uint8Array {
    return this.#roots[size] ?? new Uint8Array(32);
  }

  text(size: number, rootHash: Uint8Array = this.rootAt(size)): string {
    return formatCheckpoint({ origin: this.origin, size, rootHash, extensions: [] });
  }

  /** The signed head of a size. */
  async head(size: number = this.entries.length, more: readonly NoteSignature[] = []): Promise<Uint8Array> {
    const note = await signNote({ text: this.text(size), signatures: [] }, [this.signer]);
    return formatNote({ text: note.text, signatures: [...note.signatures, ...more] });
  }

  async request(oldSize: number, size: number = this.entries.length): Promise<Uint8Array> {
    const proof = oldSize > size ? [] : await proveConsistency({ oldSize, newSize: size }, this.tiles);
    return formatAddCheckpoint({ oldSize, proof, checkpoint: await this.head(size) });
  }

  bundle(index: number, width: number): readonly Uint8Array[] {
    return this.entries.slice(index * TILE_WIDTH, index * TILE_WIDTH + width);
  }
}

export function ed25519Signer(name: string): NoteSigner {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = privateKey.export({ format: 'jwk' });
  const key = verifierKey(name, ed25519NoteType, new Uint8Array(Buffer.from(x, 'base64url')));
  return { key, sign: (message) => new Uint8Array(sign(null, message, privateKey)) };
}

export const entry = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
