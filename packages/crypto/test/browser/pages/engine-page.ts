/** What the tests ask of the engine inside a browser. Bytes travel as base64. */
import { base64 } from '@scure/base';
import * as cctv from 'cctv-age';
import { driveAgeVectors, type VectorReport } from '../../../src/age/vector-driver.ts';
import { type Corpus, type CorpusReport, runCorpus } from '../../../src/engine/corpus.ts';
import type { Engine, EngineName, EngineOperation } from '../../../src/engine/engine.ts';
import { selfTest, type SelfTestResult } from '../../../src/engine/self-test.ts';
import { chunkWorkers, webChunkCipher, webEngine, type WebSource, workerUrls } from '../../../src/engine-web/index.ts';
import { open, parseIdentity, parseRecipient, seal, type ChunkCipher } from '../../../src/index.ts';

export interface Chosen {
  readonly name: EngineName;
  readonly sources: Readonly<Record<EngineOperation, string>>;
}

const workerUrl = workerUrls(['/chunk-worker.js']);
const engines = new Map<string, Engine>();

async function engineOf(sources?: readonly WebSource[]): Promise<Engine> {
  const name = sources?.join() ?? '';
  const engine = engines.get(name) ?? (await webEngine(sources === undefined ? {} : { sources }));
  engines.set(name, engine);
  return engine;
}

export async function choose(sources?: readonly WebSource[]): Promise<Chosen> {
  const { name, sources: chosen } = await engineOf(sources);
  return { name, sources: chosen };
}

export async function drivesCorpus(corpus: Corpus, sources?: readonly WebSource[]): Promise<CorpusReport> {
  return runCorpus(await engineOf(sources), corpus);
}

export async function testsItself(): Promise<readonly SelfTestResult[]> {
  return selfTest(await engineOf());
}

/** All of the vectors, or those that are not larger than this. */
export async function drivesAgeVectors(
  /** Null for the best. */
  sources: readonly WebSource[] | null = null,
  largestBytes: number = Number.POSITIVE_INFINITY,
): Promise<VectorReport> {
  const vectors = Object.fromEntries(Object.entries({ ...cctv }).filter(([, bytes]) => bytes.length <= largestBytes));
  return driveAgeVectors(await engineOf(sources ?? undefined), {
    vectors,
    inflate,
    byteByByteUpToBytes: 4096,
    fewBoundaries: true,
  });
}

async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  const inflated = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

/** `here`: the page itself works on the chunks; a number: that many workers do. */
export type Where = 'here' | number;

export interface SealTask {
  readonly recipient: string;
  readonly sizeBytes: number;
  readonly where: Where;
  readonly sources?: readonly WebSource[];
}

export async function seals({ recipient, sizeBytes, where, sources }: SealTask): Promise<string> {
  const recipients = [parseRecipient(recipient)];
  return withCipher(where, sources, async (cipher) =>
    toBase64(await seal(await engineOf(sources), { recipients, plaintext: patternOf(sizeBytes), cipher })),
  );
}

export interface OpenTask {
  readonly identity: string;
  readonly file: string;
  readonly where: Where;
  readonly sources?: readonly WebSource[];
}

/** The size of a plaintext that is `pattern` throughout; the error's code where it does not open. */
export async function opens({ identity, file, where, sources }: OpenTask): Promise<number | string> {
  return withCipher(where, sources, async (cipher) => {
    const source = pieces(base64.decode(file));
    const opened = await open(await engineOf(sources), { source, identities: [parseIdentity(identity)], cipher });
    if (opened === null) return 'not for me';
    let sizeBytes = 0;
    try {
      for await (const bytes of opened.plaintext) {
        for (let i = 0; i < bytes.length; i++) if (bytes[i] !== patternByte(sizeBytes + i)) return 'other bytes';
        sizeBytes += bytes.length;
      }
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
    return sizeBytes;
  });
}

/** The address of a worker that the page did not name; the answer is why it does not start. */
export function startsForeignWorker(): string {
  try {
    const worker = new Worker(workerUrl('/foreign.js'), { type: 'module' });
    worker.terminate();
    return 'started';
  } catch (error) {
    return String(error);
  }
}

async function withCipher<R>(
  where: Where,
  sources: readonly WebSource[] | undefined,
  use: (cipher: ChunkCipher) => Promise<R>,
): Promise<R> {
  const chosen = sources === undefined ? {} : { sources };
  if (where === 'here') return use(await webChunkCipher(chosen));
  const start = () => new Worker(workerUrl('/chunk-worker.js'), { type: 'module' });
  const workers = chunkWorkers({ ...chosen, start, workers: where });
  try {
    return await use(workers);
  } finally {
    workers.close();
  }
}

/** Not periodic in a chunk, so that chunks in a wrong order show. */
function patternByte(at: number): number {
  return (at + Math.floor(at / 65_536) * 7) % 251;
}

async function* patternOf(sizeBytes: number): AsyncGenerator<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes);
  for (let i = 0; i < sizeBytes; i++) bytes[i] = patternByte(i);
  yield bytes;
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
}

async function toBase64(stream: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<string> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const bytes of stream) parts.push(bytes);
  return base64.encode(new Uint8Array(await new Blob(parts).arrayBuffer()));
}
