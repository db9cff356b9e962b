import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { chunkCipher } from '../age/engine-chunk-cipher.ts';
import { openPayload } from '../age/open-payload.ts';
import { CHUNK_BYTES, CHUNK_PLAINTEXT_BYTES } from '../age/payload-size.ts';
import { sealPayload } from '../age/seal-payload.ts';
import type { ChunkCipher } from '../age/chunk-cipher.ts';
import { nodeChunkCipher } from './node-chunk-cipher.ts';
import { nodeEngine } from './node-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-chunks-'));
const alone = nodeChunkCipher({ threads: 1 });
const threaded = nodeChunkCipher({ threads: 3, threadsFromBytes: 0 });
const plain = chunkCipher(nodeEngine);
const payloadKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const SEGMENT_BYTES = 16 * CHUNK_PLAINTEXT_BYTES;

after(async () => {
  await threaded.close();
  rmSync(folder, { recursive: true });
});

function text(sizeBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes);
  for (let i = 0; i < sizeBytes; i += 97) bytes[i] = (i * 31) >> 7;
  return bytes;
}

async function* pieces(bytes: Uint8Array, pieceBytes = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.slice(at, at + pieceBytes);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of stream) all.push(piece.slice());
  return Buffer.concat(all);
}

const sealed = (cipher: ChunkCipher, plaintext: Uint8Array): Promise<Uint8Array> =>
  collect(sealPayload(cipher, { payloadKey, plaintext: pieces(plaintext) }));

const openedCode = (cipher: ChunkCipher, chunks: Uint8Array): Promise<string> =>
  collect(openPayload(cipher, { payloadKey, chunks: pieces(chunks) })).then(() => 'opened', codeOf);

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
}

/** Without the diff of a million numbers. */
function assertSame(actual: Uint8Array | string, expected: Uint8Array): void {
  assert.ok(typeof actual !== 'string', `got ${String(actual)}`);
  assert.equal(actual.length, expected.length);
  assert.ok(Buffer.from(actual).equals(expected), 'bytes differ');
}

interface Move {
  readonly cipher?: typeof threaded;
  readonly head?: number;
  readonly signal?: { readonly aborted: boolean };
}

/** Through files, with `head` bytes before the payload in both. */
async function moved(direction: 'seal' | 'open', bytes: Uint8Array, options: Move = {}): Promise<Uint8Array | string> {
  const { cipher = threaded, head = 0, signal } = options;
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  writeFileSync(from, Buffer.concat([new Uint8Array(head), bytes]));
  writeFileSync(to, '');
  const [sourceFd, sinkFd] = [openSync(from, 'r'), openSync(to, 'r+')];
  try {
    const job = { direction, payloadKey, sourceFd, sinkFd, sourceOffset: head, sinkOffset: head };
    const outcome = await cipher.moveFile(
      { ...job, sourceBytes: bytes.length },
      signal === undefined ? {} : { signal },
    );
    return outcome === 'moved' ? readFileSync(to).subarray(head) : outcome;
  } catch (error) {
    return codeOf(error);
  } finally {
    closeSync(sourceFd);
    closeSync(sinkFd);
  }
}

/** A code in any case: a million bytes would not make a readable failure. */
async function movedCode(direction: 'seal' | 'open', bytes: Uint8Array, options: Move = {}): Promise<string> {
  const result = await moved(direction, bytes, options);
  return typeof result === 'string' ? result : `${result.length} bytes`;
}

describe('runs', () => {
  const sizes = [0, 1, CHUNK_PLAINTEXT_BYTES - 1, CHUNK_PLAINTEXT_BYTES, SEGMENT_BYTES, 5 * SEGMENT_BYTES + 7];
  for (const size of sizes) {
    it(`seals and opens ${size} bytes as the plain cipher does`, async () => {
      const expected = await sealed(plain, text(size));
      for (const cipher of [alone, threaded]) {
        assertSame(await sealed(cipher, text(size)), expected);
        const opened = await collect(openPayload(cipher, { payloadKey, chunks: pieces(expected) }));
        assertSame(opened, text(size));
      }
    });
  }

  it('opens what is damaged up to the same chunk as the plain cipher', async () => {
    const whole = await sealed(plain, text(4 * CHUNK_PLAINTEXT_BYTES + 100));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = Uint8Array.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const run = { payloadKey, firstChunk: 0, final: true };
        const expected = await plain.openRun({ ...run, bytes: bytes.slice() });
        for (const cipher of [alone, threaded]) {
          const opened = await cipher.openRun({ ...run, bytes: bytes.slice() });
          assert.equal(opened.whole, false);
          assertSame(opened.bytes, expected.bytes);
          assertSame(opened.badChunk ?? 'none', expected.badChunk ?? new Uint8Array(0));
        }
        assert.equal(expected.whole, false);
      }),
      { numRuns: 20 },
    );
  });

  it('counts chunks beyond 32 bits', async () => {
    const run = { payloadKey, firstChunk: 2 ** 40 + 3, final: true };
    const expected = await plain.sealRun({ ...run, bytes: text(10) });
    assert.deepEqual(await alone.sealRun({ ...run, bytes: text(10) }), expected);
  });
});

describe('files', () => {
  for (const size of [0, 1, CHUNK_PLAINTEXT_BYTES, SEGMENT_BYTES, SEGMENT_BYTES + 1, 40 * CHUNK_PLAINTEXT_BYTES + 5]) {
    it(`seals and opens ${size} bytes as the streaming way does`, async () => {
      const expected = await sealed(plain, text(size));
      for (const cipher of [alone, threaded]) {
        assertSame(await moved('seal', text(size), { cipher, head: 300 }), expected);
        assertSame(await moved('open', expected, { cipher, head: 300 }), text(size));
      }
    });
  }

  it('refuses damage in any segment, and names it as the streaming way does', async () => {
    const whole = await sealed(plain, text(3 * SEGMENT_BYTES + 70_000));
    for (let segment = 0; segment < 4; segment++) {
      const bytes = Uint8Array.from(whole);
      const at = Math.min(segment * 16 * CHUNK_BYTES + 3 * CHUNK_BYTES, whole.length - 1);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      assert.equal(await movedCode('open', bytes), 'payload_damaged');
      assert.equal(await openedCode(plain, bytes), 'payload_damaged');
    }
  });

  it('refuses a payload cut at and around every chunk boundary, with the code of the streaming way', async () => {
    const whole = await sealed(plain, text(18 * CHUNK_PLAINTEXT_BYTES + 9));
    for (let chunk = 0; chunk <= 18; chunk++) {
      for (const beside of [-1, 0, 1, 15, 16, 17]) {
        const end = chunk * CHUNK_BYTES + beside;
        if (end < 0 || end >= whole.length) continue;
        const code = await openedCode(plain, whole.subarray(0, end));
        assert.match(code, /^payload_(damaged|truncated)$/);
        assert.equal(await movedCode('open', whole.subarray(0, end)), code, `cut at ${end}`);
        assert.equal(await openedCode(threaded, whole.subarray(0, end)), code, `cut at ${end}`);
      }
    }
  });

  it('refuses bytes after the last chunk', async () => {
    const whole = await sealed(plain, text(CHUNK_PLAINTEXT_BYTES));
    for (const more of [1, 16, 17, CHUNK_BYTES]) {
      const longer = Buffer.concat([whole, new Uint8Array(more)]);
      assert.equal(await movedCode('open', longer), await openedCode(plain, longer));
      assert.match(await openedCode(plain, longer), /^payload_/);
    }
  });

  it('tells the first damaged chunk where several are, however the threads run', async () => {
    const whole = await sealed(plain, text(4 * SEGMENT_BYTES));
    // Cut between two chunks, which alone would be a truncation, and damaged before.
    const bytes = Uint8Array.from(whole.subarray(0, 50 * CHUNK_BYTES));
    bytes[2 * CHUNK_BYTES] = (bytes[2 * CHUNK_BYTES] ?? 0) ^ 1;
    for (let i = 0; i < 5; i++) assert.equal(await movedCode('open', bytes), 'payload_damaged');
  });

  it('says so where the source is shorter than was said', async () => {
    const from = join(folder, 'shrinking');
    writeFileSync(from, text(3 * SEGMENT_BYTES));
    const [sourceFd, sinkFd] = [openSync(from, 'r'), openSync(join(folder, 'to'), 'w')];
    truncateSync(from, 2 * SEGMENT_BYTES + 5);
    const job = { direction: 'seal', payloadKey, sourceFd, sinkFd, sourceOffset: 0, sinkOffset: 0 } as const;
    assert.equal(await threaded.moveFile({ ...job, sourceBytes: 3 * SEGMENT_BYTES }), 'source_short');
    closeSync(sourceFd);
    closeSync(sinkFd);
  });

  it('stops when it is told to', async () => {
    assert.equal(await movedCode('seal', text(100 * SEGMENT_BYTES), { signal: { aborted: true } }), 'stopped');
  });

  it('gives system errors with their code, from every thread', async () => {
    const path = join(folder, 'read-only');
    writeFileSync(path, text(40 * SEGMENT_BYTES));
    const fd = openSync(path, 'r');
    const job = { direction: 'seal', payloadKey, sourceFd: fd, sinkFd: fd, sourceOffset: 0, sinkOffset: 0 } as const;
    for (const cipher of [alone, threaded])
      await assert.rejects(cipher.moveFile({ ...job, sourceBytes: 40 * SEGMENT_BYTES }), { code: 'EBADF' });
    closeSync(fd);
  });

  it('reports progress up to the last chunk', async () => {
    const path = join(folder, 'from');
    writeFileSync(path, text(40 * SEGMENT_BYTES));
    const [sourceFd, sinkFd] = [openSync(path, 'r'), openSync(join(folder, 'to'), 'w')];
    const job = { direction: 'seal', payloadKey, sourceFd, sinkFd, sourceOffset: 0, sinkOffset: 0 } as const;
    const seen: number[] = [];
    const onProgress = (chunks: number): void => void seen.push(chunks);
    await threaded.moveFile({ ...job, sourceBytes: 40 * SEGMENT_BYTES }, { onProgress });
    assert.equal(seen.at(-1), 640);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
    closeSync(sourceFd);
    closeSync(sinkFd);
  });
});

describe('a part whose hash is known', () => {
  const hashOf = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

  for (const [where, cipher] of [
    ['on this thread', alone],
    ['on another', threaded],
  ] as const) {
    it(`is opened where it lies, ${where}`, async () => {
      const plaintext = text(20 * CHUNK_PLAINTEXT_BYTES + 5);
      const chunks = await sealed(plain, plaintext);
      // The beginning of a larger memory, as of a last part.
      const memory = new Uint8Array(chunks.length + 1_000);
      memory.set(chunks);
      const part = { payloadKey, firstChunk: 0, final: true, bytes: memory.subarray(0, chunks.length) };
      const opened = await cipher.openPart?.({ ...part, hash: hashOf(chunks) });
      assert.ok(opened);
      assertSame(opened, plaintext);
      // All of the memory comes back, for the next part.
      assert.equal(opened.buffer.byteLength, chunks.length + 1_000);
    });

    it(`is not opened where a bit, the hash or its place is another, ${where}`, async () => {
      const chunks = Uint8Array.from(await sealed(plain, text(3 * CHUNK_PLAINTEXT_BYTES)));
      const open = async (
        bytes: Uint8Array,
        more: { firstChunk?: number; final?: boolean; hash?: Uint8Array } = {},
      ) => {
        const hash = more.hash ?? hashOf(bytes);
        const given = { payloadKey, firstChunk: 0, final: true, bytes: Uint8Array.from(bytes), ...more, hash };
        return cipher.openPart?.(given);
      };
      assert.ok(await open(chunks));
      const changed = chunks.slice();
      changed[2 * CHUNK_BYTES + 7]! ^= 1;
      // A hash over the changed bytes: the tag is what refuses them.
      assert.ok((await open(changed)) === null);
      assert.ok((await open(changed, { hash: hashOf(chunks) })) === null);
      assert.ok((await open(chunks, { hash: hashOf(changed) })) === null);
      assert.ok((await open(chunks, { hash: hashOf(chunks).subarray(0, 31) })) === null);
      assert.ok((await open(chunks, { firstChunk: 1 })) === null);
      assert.ok((await open(chunks, { final: false })) === null);
      assert.ok((await open(chunks.subarray(0, 2 * CHUNK_BYTES))) === null);
    });
  }

  it('leaves nothing of a part that is not whole on the thread that was asked', async () => {
    const chunks = Uint8Array.from(await sealed(plain, text(3 * CHUNK_PLAINTEXT_BYTES)));
    chunks[2 * CHUNK_BYTES + 7]! ^= 1;
    const hash = hashOf(chunks);
    assert.ok((await alone.openPart?.({ payloadKey, firstChunk: 0, final: true, bytes: chunks, hash })) === null);
    assert.ok(chunks.every((byte) => byte === 0));
  });
});
