/** Sealed items up and down, beside the same bytes by plain HTTP to the same server. */
import { createHash, randomFillSync } from 'node:crypto';
import { createWriteStream, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileSink, fileSource } from '../../packages/host-node/src/index.ts';
import { encodeBytes, limits, ROUTES } from '../../packages/protocol/src/wire/index.ts';
import { attachmentPayload, measureAttachment, openAttachment } from '../../packages/sdk/src/message/index.ts';
import { giveBack } from '../../packages/sdk/src/by-hand/give-back.ts';
import { blobReader } from '../../packages/sdk/src/mail/transfers/blob-reader.ts';
import { uploadItem } from '../../packages/sdk/src/mail/transfers/upload-item.ts';
import { median } from '../median.ts';
import type { Bench } from './bench.ts';
import { newPerson } from './new-person.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

export interface TransferFigures {
  readonly sizeBytes: number;
  /** Medians, MiB a second. */
  readonly sealedUp: number;
  readonly plainUp: number;
  readonly sealedDown: number;
  readonly plainDown: number;
  /** Medians of the pairs: time of plain HTTP divided by ours. */
  readonly upRatio: number;
  readonly downRatio: number;
  /** The pass before the upload, which hashes the parts that the manifest signs. */
  readonly measureSeconds: number;
}

const PARTS_AT_ONCE = 2;
const READ_BYTES = 1_048_576;

export async function measureTransfers(bench: Bench, sizeBytes: number): Promise<TransferFigures> {
  const path = join(bench.folder, 'plain');
  await writeRandomFile(path, sizeBytes);
  const server = await startServerProcess();
  try {
    const { sessions } = await server.ask('accounts', { count: 1 });
    const job = { path, sizeBytes, session: sessions[0] ?? '', server };
    const plain = await plainClient(bench, job);
    const sealed = await sealedClient(bench, job);
    const rounds: { sealedUp: number; plainUp: number; sealedDown: number; plainDown: number }[] = [];
    for (let round = 0; round < bench.pairs; round++) {
      const up = [await sealed.up(), await plain.up()] as const;
      const down = [await sealed.down(), await plain.down()] as const;
      rounds.push({ sealedUp: up[0], plainUp: up[1], sealedDown: down[0], plainDown: down[1] });
      bench.say(
        `up ${up.map((ms) => ms.toFixed(0)).join(' / ')} ms, down ${down.map((ms) => ms.toFixed(0)).join(' / ')} ms (sealed / plain)`,
      );
      await sealed.forget();
      await plain.forget();
    }
    const mibPerSecond = (name: keyof (typeof rounds)[0]): number =>
      sizeBytes / 2 ** 20 / (median(rounds.map((round) => round[name])) / 1_000);
    return {
      sizeBytes,
      sealedUp: mibPerSecond('sealedUp'),
      plainUp: mibPerSecond('plainUp'),
      sealedDown: mibPerSecond('sealedDown'),
      plainDown: mibPerSecond('plainDown'),
      upRatio: median(rounds.map((round) => round.plainUp / round.sealedUp)),
      downRatio: median(rounds.map((round) => round.plainDown / round.sealedDown)),
      measureSeconds: sealed.measureSeconds,
    };
  } finally {
    await server.stop();
    rmSync(path);
  }
}

interface TransferJob {
  readonly path: string;
  readonly sizeBytes: number;
  readonly session: string;
  readonly server: ServerProcess;
}

/** Both give milliseconds; `down` reads what the last `up` left. */
interface TransferClient {
  up(): Promise<number>;
  down(): Promise<number>;
  forget(): Promise<void>;
}

async function sealedClient(
  { host, folder }: Bench,
  { path, sizeBytes, session, server }: TransferJob,
): Promise<TransferClient & { readonly measureSeconds: number }> {
  const line = { host, wire: host.connect(server.origin), session };
  const sender = await newPerson(host.engine, 'alice@localhost');
  const source = await fileSource(path);
  const read = (): AsyncIterable<Uint8Array> => source.stream();
  const startMs = performance.now();
  const facts = { sender, name: 'plain', type: 'application/octet-stream', sizeBytes, read };
  const entry = await measureAttachment(host, facts);
  const measureSeconds = (performance.now() - startMs) / 1_000;
  let hold = host.engine.randomBytes(16);
  return {
    measureSeconds,
    async up() {
      hold = host.engine.randomBytes(16);
      const pieces = (): AsyncIterable<Uint8Array> => attachmentPayload(host, entry, read);
      return msOf(() => uploadItem(line, { hold, sizeBytes: entry.payloadBytes, pieces }));
    },
    async down() {
      const reader = blobReader(line, { hold }, { sizeBytes: entry.payloadBytes });
      const sink = await fileSink(join(folder, 'opened'), { replace: true });
      // Neither side waits until what it wrote is on the disk.
      const writeAll = async (): Promise<void> => {
        for await (const piece of openAttachment(host, entry, reader)) {
          await sink.write(piece);
          giveBack(piece);
        }
      };
      try {
        return await msOf(writeAll);
      } finally {
        await sink.discard();
      }
    },
    async forget() {
      await line.wire.call(ROUTES.holdsRemove, { holds: [hold] }, { rights: { session } });
    },
  };
}

/** Nothing but node:http: the hashes that the server asks for were made beforehand. */
async function plainClient(
  { host, folder }: Bench,
  { path, sizeBytes, session, server }: TransferJob,
): Promise<TransferClient> {
  const agent = new Agent({ keepAlive: true });
  const wire = host.connect(server.origin);
  const options = { rights: { session } };
  const parts = Math.ceil(sizeBytes / limits.PART_BYTES);
  const hashes = await partHashes(path, parts);
  const digest = createHash('sha256').update(Buffer.concat(hashes)).digest();
  const send = (
    method: string,
    to: string,
    more: { headers?: object; body?: Uint8Array } = {},
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${session}`, ...more.headers };
      request(server.origin + to, { method, agent, headers }, resolve)
        .on('error', reject)
        .end(more.body);
    });
  let upload = host.engine.randomBytes(16);

  async function putPart(part: number, bytes: Uint8Array): Promise<void> {
    const hash = (hashes[part] ?? Buffer.alloc(0)).toString('base64url');
    const headers = {
      'content-type': 'application/octet-stream',
      'content-length': bytes.length,
      'latchkey-sha256': hash,
    };
    const answer = await send('PUT', `/v1/uploads/${encodeBytes(upload)}/parts/${part}`, { headers, body: bytes });
    answer.resume();
    if (answer.statusCode !== 200) throw new Error(`a part was answered ${answer.statusCode ?? 0}`);
  }

  return {
    up() {
      upload = host.engine.randomBytes(16);
      return msOf(async () => {
        await wire.call(ROUTES.uploadsCreate, { upload, sizeBytes }, options);
        const file = await open(path);
        const left = Array.from({ length: parts }, (_, part) => part).values();
        const lane = async (): Promise<void> => {
          const memory = Buffer.alloc(limits.PART_BYTES);
          for (const part of left) {
            const { bytesRead } = await file.read(memory, 0, memory.length, part * limits.PART_BYTES);
            await putPart(part, memory.subarray(0, bytesRead));
          }
        };
        await Promise.all(Array.from({ length: PARTS_AT_ONCE }, lane));
        await file.close();
        await wire.call(ROUTES.uploadsComplete, { upload, digest }, options);
      });
    },
    down() {
      return msOf(async () => {
        const answer = await send('GET', `/v1/holds/${encodeBytes(upload)}`);
        await pipeline(answer, createWriteStream(join(folder, 'fetched')));
      });
    },
    async forget() {
      await wire.call(ROUTES.holdsRemove, { holds: [upload] }, options);
    },
  };
}

async function partHashes(path: string, parts: number): Promise<Buffer[]> {
  const file = await open(path);
  const memory = Buffer.alloc(limits.PART_BYTES);
  const hashes: Buffer[] = [];
  for (let part = 0; part < parts; part++) {
    const { bytesRead } = await file.read(memory, 0, memory.length, part * limits.PART_BYTES);
    hashes.push(createHash('sha256').update(memory.subarray(0, bytesRead)).digest());
  }
  await file.close();
  return hashes;
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

async function writeRandomFile(path: string, sizeBytes: number): Promise<void> {
  const file = await open(path, 'w', 0o600);
  const block = Buffer.alloc(READ_BYTES);
  for (let at = 0; at < sizeBytes; at += block.length) {
    await file.write(randomFillSync(block), 0, Math.min(block.length, sizeBytes - at));
  }
  await file.close();
}
