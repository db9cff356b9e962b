import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { limits, ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { changedWire } from '../../../test/mail-people.ts';
import { quickAccount } from '../../../test/quick-account.ts';
import { testHost } from '../../../test/test-host.ts';
import { RefusedError, SdkError } from '../../errors.ts';
import type { Wire } from '../../ports.ts';
import { blobReader } from './blob-reader.ts';
import { cutParts, partMemory } from './cut-parts.ts';
import type { ServerLine } from './server-line.ts';
import { uploadItem, type UploadJob } from './upload-item.ts';

let server: TestServer;
let line: ServerLine;

before(async () => {
  server = await startTestServer();
  const host = testHost();
  const { session } = await quickAccount(server, 'alice@localhost');
  line = { host, session, wire: host.connect(server.origin) };
});
after(() => server.stop());

const id = (): Uint8Array => new Uint8Array(randomBytes(16));

async function* inPieces(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes)
    yield await Promise.resolve(bytes.subarray(at, at + pieceBytes));
}

function job(bytes: Uint8Array): UploadJob {
  return { hold: id(), sizeBytes: bytes.length, pieces: () => inPieces(bytes, 65_552) };
}

const withWire = (changes: (wire: Wire) => Partial<Wire>): ServerLine => ({
  ...line,
  wire: changedWire(line.wire, changes(line.wire)),
});

test('parts are the stream, cut where they should be, whatever pieces it comes in', async () => {
  const property = fc.asyncProperty(
    fc.uint8Array({ maxLength: 200 }),
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 40 }),
    async (bytes, pieceBytes, partBytes) => {
      const memory = partMemory(partBytes);
      const parts: Buffer[] = [];
      for await (const { part, bytes: cut } of cutParts(
        inPieces(bytes, pieceBytes),
        { partBytes, sizeBytes: bytes.length },
        memory,
      )) {
        assert.equal(part, parts.length);
        parts.push(Buffer.from(cut));
        memory.giveBack(cut);
      }
      assert.ok(Buffer.concat(parts).equals(bytes));
      assert.deepEqual(
        parts.slice(0, -1).filter(({ length }) => length !== partBytes),
        [],
      );
    },
  );
  await fc.assert(property, { numRuns: 300 });
});

test('a stream of another size than was said is refused', async () => {
  for (const [given, said] of [
    [10, 9],
    [10, 11],
    [8, 12],
    [0, 1],
  ] as const) {
    await assert.rejects(async () => {
      const shape = { partBytes: 4, sizeBytes: said };
      for await (const _part of cutParts(inPieces(new Uint8Array(given), 3), shape, partMemory(4)));
    }, RangeError);
  }
});

test('what is there already is compared and not sent again', async () => {
  const bytes = new Uint8Array(randomBytes(2 * limits.PART_BYTES + 5));
  const upload = job(bytes);
  let puts = 0;
  const cut = withWire((wire) => ({
    put: async (...[route, request, body, options]) => {
      if ((request as { part: number }).part === 1) throw new SdkError('stopped', 'here');
      puts += 1;
      return wire.put(route, request, body, options);
    },
  }));
  await assert.rejects(uploadItem(cut, upload), { code: 'stopped' });
  assert.equal(puts, 1);

  const told: number[] = [];
  const counting = withWire((wire) => ({
    put: async (...[route, request, body, options]) => {
      puts += 1;
      return wire.put(route, request, body, options);
    },
  }));
  const other = bytes.with(0, (bytes[0] ?? 0) ^ 1);
  await assert.rejects(uploadItem(counting, { ...upload, pieces: () => inPieces(other, 1_000) }), {
    code: 'attachment_changed',
  });
  assert.equal(puts, 1);
  const { blob } = await uploadItem(counting, upload, { onBytes: (doneBytes) => told.push(doneBytes) });
  assert.equal(puts, 3);
  assert.equal(told.at(-1), bytes.length);
  assert.deepEqual(
    told,
    told.toSorted((one, next) => one - next),
  );
  // Completed before: nothing is read, and the answer is the same.
  const again = await uploadItem(counting, {
    ...upload,
    pieces: () => {
      throw new Error('read again');
    },
  });
  assert.deepEqual(again.blob, blob);

  const reader = blobReader(line, { hold: upload.hold }, { sizeBytes: bytes.length });
  const read = await reader.readAt(0, bytes.length);
  assert.equal(createHash('sha256').update(read).digest('hex'), createHash('sha256').update(bytes).digest('hex'));
});

test('a part that the server lost is sent again', async () => {
  const bytes = new Uint8Array(randomBytes(limits.PART_BYTES + 100));
  let isLost = false;
  const forgetful = withWire((wire) => ({
    call: async (route, request, options) => {
      if (route.path === ROUTES.uploadsComplete.path && !isLost) {
        isLost = true;
        throw new RefusedError('upload_incomplete');
      }
      return wire.call(route, request, options);
    },
  }));
  const { hold } = await uploadItem(forgetful, job(bytes));
  assert.deepEqual(await blobReader(line, { hold }, { sizeBytes: bytes.length }).readAt(5, 20), bytes.slice(5, 25));
});

test('a download goes on after a cut from its last byte', async () => {
  const bytes = new Uint8Array(randomBytes(300_000));
  const { hold } = await uploadItem(line, job(bytes));
  const asked: (readonly [number, number | undefined])[] = [];
  const cutting = withWire((wire) => ({
    read: async (route, request, options) => {
      asked.push([options?.range?.from ?? 0, options?.range?.to]);
      const body = await wire.read(route, request, options);
      return {
        totalBytes: body.totalBytes,
        async *stream() {
          let given = 0;
          for await (const piece of body.stream()) {
            const some = piece.subarray(0, 100_000 - given);
            given += some.length;
            if (some.length > 0) yield some;
            if (given === 100_000) throw new SdkError('server_unreachable', 'cut');
          }
        },
      };
    },
  }));
  const read = await blobReader(cutting, { hold }, { sizeBytes: bytes.length, headerBytes: 1_000 }).readAt(0, 290_000);
  assert.deepEqual(read, bytes.slice(1_000, 291_000));
  assert.deepEqual(
    asked.map(([from]) => from),
    [1_000, 101_000, 201_000],
  );
});

test('bytes that come damaged are asked for again, a few times, whatever they hold', async () => {
  // In the database, in a file, and a range of it.
  for (const [sizeBytes, from, lengthBytes] of [
    [20_000, 0, 20_000],
    [300_000, 5, 65_568],
  ] as const) {
    const bytes = new Uint8Array(randomBytes(sizeBytes));
    const { hold } = await uploadItem(line, job(bytes));
    let [asked, damaged, doneBytes] = [0, 0, 0];
    const damaging = withWire((wire) => ({
      read: async (route, request, options) => {
        asked += 1;
        const isBad = asked <= damaged;
        const body = await wire.read(route, request, options);
        return {
          ...body,
          async *stream() {
            for await (const piece of body.stream()) yield isBad ? piece.with(7, (piece[7] ?? 0) ^ 1) : piece;
          },
        };
      },
    }));
    const onBytes = (more: number): void => void (doneBytes += more);
    const reader = blobReader(damaging, { hold }, { sizeBytes, onBytes });
    damaged = 2;
    assert.deepEqual(await reader.readAt(from, lengthBytes), bytes.slice(from, from + lengthBytes));
    assert.deepEqual([asked, doneBytes], [3, lengthBytes]);
    [asked, damaged] = [0, 99];
    await assert.rejects(reader.readAt(from, lengthBytes), { code: 'item_altered' });
    assert.equal(asked, 3, 'not for ever');
  }
});

test('two parts are on the line while a third is made, and no more', async () => {
  const bytes = new Uint8Array(5 * limits.PART_BYTES);
  let pulledBytes = 0;
  let land = (): void => undefined;
  const landing = new Promise<void>((resolve) => {
    land = resolve;
  });
  const sent: number[] = [];
  const slow = withWire((wire) => ({
    put: async (...[route, request, body, options]) => {
      sent.push((request as { part: number }).part);
      await landing;
      return wire.put(route, request, body, options);
    },
  }));
  const upload = uploadItem(slow, {
    ...job(bytes),
    async *pieces() {
      for await (const piece of inPieces(bytes, 65_552)) {
        pulledBytes += piece.length;
        yield piece;
      }
    },
  });
  for (let before = -1; before !== pulledBytes || sent.length < 2;) {
    before = pulledBytes;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.deepEqual(sent, [0, 1]);
  const third = 3 * limits.PART_BYTES;
  assert.ok(pulledBytes >= third && pulledBytes < third + 65_552, String(pulledBytes));
  land();
  await upload;
  assert.deepEqual(sent, [0, 1, 2, 3, 4]);
});

test('a stop signal ends an upload between two parts', async () => {
  const signal = { aborted: false };
  const upload = job(new Uint8Array(4 * limits.PART_BYTES));
  await assert.rejects(
    uploadItem(line, upload, {
      signal,
      onBytes: () => {
        signal.aborted = true;
      },
    }),
    { code: 'stopped' },
  );
});
