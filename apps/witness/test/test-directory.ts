import { createHash } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeIndexLeaf, encodeLeaf, Replay, type LeafFlag } from '@latchkey/key-directory';
import { encodeEntryBundle, parseTilePath, TILE_WIDTH } from '@latchkey/tlog';
import type { TestContext } from 'node:test';
import { TestLog } from './test-log.ts';

const hash = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());

/** A leaf for the next version of somebody. */
export function keyLeaf(
  who: string,
  version: number,
  flag: LeafFlag = version === 0 ? 'genesis' : 'signed',
): Uint8Array {
  return encodeLeaf({ flag, index: hash(who), commitment: hash(`${who} ${version}`) });
}

/** Both logs of a directory, served as tiles; it tells the truth unless a test adds other leaves. */
export class TestDirectory {
  keys: TestLog;
  index: TestLog;
  readonly #server: Server;
  readonly #replay = new Replay();
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  /** Changes what is served. */
  lie: (path: string, bytes: Uint8Array) => Uint8Array | null = (_path, bytes) => bytes;

  private constructor(domain: string) {
    this.keys = new TestLog(`${domain}/latchkey/keys/abc`);
    this.index = new TestLog(`${domain}/latchkey/index/abc`);
    this.#server = createServer((request, response) => {
      const path = request.url ?? '';
      this.asked.push(path);
      void this.#answer(path, response);
    });
  }

  static async start(t: TestContext, domain = 'mail.example'): Promise<TestDirectory> {
    const directory = new TestDirectory(domain);
    await new Promise<void>((resolve) => directory.#server.listen(0, '127.0.0.1', () => resolve()));
    t.after(() => {
      directory.#server.closeAllConnections();
      directory.#server.close();
    });
    return directory;
  }

  get lines(): readonly string[] {
    const { port } = this.#server.address() as AddressInfo;
    return [
      `${this.keys.line} http://127.0.0.1:${port}/kt/keys`,
      `${this.index.line} http://127.0.0.1:${port}/kt/index`,
    ];
  }

  /** Adds leaves to the key log, and one to the index log for all of them. */
  async publish(...leaves: Uint8Array[]): Promise<void> {
    await this.keys.add(...leaves);
    for (const leaf of leaves) this.#replay.add(leaf);
    await this.addIndexLeaf(this.#replay.mapRoot());
  }

  get mapRoot(): Uint8Array {
    return this.#replay.mapRoot();
  }

  async addIndexLeaf(mapRoot: Uint8Array, checkpoint?: Uint8Array): Promise<void> {
    await this.index.add(encodeIndexLeaf({ mapRoot, checkpoint: checkpoint ?? (await this.keys.head()) }));
  }

  async #answer(path: string, response: ServerResponse): Promise<void> {
    const bytes = await this.#get(path);
    const body = bytes === null ? null : this.lie(path, bytes);
    response.writeHead(body === null ? 404 : 200).end(body ?? 'nothing');
  }

  async #get(path: string): Promise<Uint8Array | null> {
    const [, name, rest = ''] = /^\/kt\/(keys|index)\/(.*)$/.exec(path) ?? [];
    const log = name === 'keys' ? this.keys : this.index;
    if (rest === 'checkpoint') return log.head();
    const { level, index, width } = parseTilePath(rest);
    // Partial bundles are gone once the full one is there, as the specification allows.
    if (width < TILE_WIDTH && log.entries.length >= (index + 1) * TILE_WIDTH) return null;
    const entries = log.bundle(index, width);
    return level === 'entries' && entries.length === width ? encodeEntryBundle(entries) : null;
  }
}
