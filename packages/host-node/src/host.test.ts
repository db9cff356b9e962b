import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { makeIdentity, openByHand, type OpenOutcome, type Progress, sealByHand } from '@latchkey/sdk/by-hand';
import { fileSink } from './file-sink.ts';
import { fileSource } from './file-source.ts';
import { openHost } from './host.ts';

const MIB = 1024 * 1024;
const CHUNK_BYTES = 65_552;
const host = await openHost();
const mine = await makeIdentity(host);
const others = await makeIdentity(host);
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-host-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
after(() => host.close());

const at = (name: string): string => join(folder, name);

function textFile(sizeBytes: number): Buffer {
  const text = Buffer.alloc(sizeBytes, 'A line of text that is sealed and opened again. ');
  for (let i = 0; i < sizeBytes; i += 65_536) text.writeUInt8((i >> 16) & 0xff, i);
  writeFileSync(at('text'), text);
  return text;
}

interface Watching {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: { readonly aborted: boolean };
}

async function sealFile(from = 'text', to = 'sealed', watching: Watching = {}): Promise<void> {
  const source = await fileSource(at(from));
  try {
    const sink = await fileSink(at(to), { replace: true });
    await sealByHand(host, { source, sink, recipients: [mine.recipient], ...watching });
  } finally {
    await source.close();
  }
}

async function openFile(identity = mine.identity, watching: Watching = {}): Promise<OpenOutcome> {
  const source = await fileSource(at('sealed'));
  try {
    const sink = await fileSink(at('opened'), { replace: true });
    return await openByHand(host, { source, sink, identities: [identity], ...watching });
  } finally {
    await source.close();
  }
}

/** The same without what makes the fast way possible. */
async function openFileAsStream(): Promise<OpenOutcome> {
  const { readAt: _, ...source } = { ...(await fileSource(at('sealed'))), stream: () => streamOf('sealed') };
  const sink = await fileSink(at('opened'), { replace: true });
  return openByHand(host, { source: { ...source, sizeBytes: null }, sink, identities: [mine.identity] });
}

async function* streamOf(name: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield Uint8Array.from(readFileSync(at(name)));
}

describe('a file', () => {
  for (const size of [1, 65_536, 20 * MIB + 3])
    it(`of ${size} bytes comes back, by threads and as a stream`, async () => {
      const text = textFile(size);
      await sealFile();
      assert.deepEqual(await openFile(), { outcome: 'opened', plaintextBytes: size, armored: false });
      assert.ok(readFileSync(at('opened')).equals(text));
      assert.deepEqual(await openFileAsStream(), { outcome: 'opened', plaintextBytes: size, armored: false });
      assert.ok(readFileSync(at('opened')).equals(text));
    });

  it('leaves nothing where it is not for me', async () => {
    textFile(1000);
    await sealFile();
    assert.deepEqual(await openFile(others.identity), { outcome: 'not_for_me', readers: ['mlkem768x25519'] });
    assert.deepEqual(readdirSync(folder), ['sealed', 'text']);
  });

  it('leaves nothing where any part is damaged or cut off', async () => {
    textFile(40 * 65_536 + 5);
    await sealFile();
    const whole = readFileSync(at('sealed'));
    const head = whole.length - (40 * CHUNK_BYTES + 5 + 16);
    for (const chunk of [0, 1, 15, 16, 31, 39, 40]) {
      const damaged = Buffer.from(whole);
      damaged[head + chunk * CHUNK_BYTES] = (damaged[head + chunk * CHUNK_BYTES] ?? 0) ^ 0x80;
      writeFileSync(at('sealed'), damaged);
      await assert.rejects(openFile(), { code: 'payload_damaged' });
      writeFileSync(at('sealed'), whole.subarray(0, head + chunk * CHUNK_BYTES));
      await assert.rejects(openFile(), { code: 'payload_truncated' });
      assert.deepEqual(readdirSync(folder), ['sealed', 'text']);
    }
  });

  it('is refused where it changes while it is sealed or opened', async () => {
    const changes = [
      (name: string) => {
        appendFileSync(at(name), 'more');
      },
      (name: string) => {
        truncateSync(at(name), 50 * MIB);
      },
    ];
    for (const change of changes) {
      const once = (name: string): Watching => {
        let done = false;
        return {
          onProgress: () => {
            if (!done) change(name);
            done = true;
          },
        };
      };
      textFile(80 * MIB);
      await assert.rejects(sealFile('text', 'sealed', once('text')), { code: 'source_changed' });
      assert.deepEqual(readdirSync(folder), ['text']);
      textFile(80 * MIB);
      await sealFile();
      await assert.rejects(openFile(mine.identity, once('sealed')), { code: 'source_changed' });
      assert.deepEqual(readdirSync(folder), ['sealed', 'text']);
      rmSync(at('sealed'));
    }
  });

  it('stops when told to, and leaves nothing', async () => {
    textFile(80 * MIB);
    const signal = { aborted: false };
    const onProgress = (): void => {
      signal.aborted = true;
    };
    await assert.rejects(sealFile('text', 'sealed', { signal, onProgress }), { code: 'stopped' });
    assert.deepEqual(readdirSync(folder), ['text']);
  });

  it('is reported from nothing to all of it', async () => {
    textFile(70 * MIB);
    const seen: Progress[] = [];
    await sealFile('text', 'sealed', { onProgress: (progress) => void seen.push(progress) });
    assert.deepEqual(seen.at(-1), { doneBytes: 70 * MIB, totalBytes: 70 * MIB });
    assert.ok(seen.length > 2);
  });
});

describe('memory', () => {
  const script = `
    import { fileSink } from ${JSON.stringify(new URL('file-sink.ts', import.meta.url).href)};
    import { fileSource } from ${JSON.stringify(new URL('file-source.ts', import.meta.url).href)};
    import { openHost } from ${JSON.stringify(new URL('host.ts', import.meta.url).href)};
    import { openByHand, sealByHand } from ${JSON.stringify(import.meta.resolve('@latchkey/sdk/by-hand'))};
    const [verb, from, to, key] = process.argv.slice(1);
    const host = await openHost();
    const request = { source: await fileSource(from), sink: await fileSink(to, { replace: true }) };
    if (verb === 'seal') await sealByHand(host, { ...request, recipients: [key] });
    else await openByHand(host, { ...request, identities: [key] });
    console.log(process.resourceUsage().maxRSS);
    process.exit(0);`;
  const peakMib = (...args: readonly string[]): number =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script, ...args]).toString()) / 1024;

  it('does not grow with the file, and stays under 200 MB', () => {
    const fd = openSync(at('sparse'), 'w');
    ftruncateSync(fd, 100 * MIB);
    closeSync(fd);
    const sealSmall = peakMib('seal', at('sparse'), at('sealed'), mine.recipient);
    const openSmall = peakMib('open', at('sealed'), at('opened'), mine.identity);
    truncateSync(at('sparse'), 400 * MIB);
    const sealLarge = peakMib('seal', at('sparse'), at('sealed'), mine.recipient);
    const openLarge = peakMib('open', at('sealed'), at('opened'), mine.identity);
    assert.equal(statSync(at('opened')).size, 400 * MIB);
    const piped = peakMib('seal', at('sparse'), '/dev/null', mine.recipient);
    for (const peak of [sealSmall, openSmall, sealLarge, openLarge, piped])
      assert.ok(peak < 200, `a peak of ${peak} MiB`);
    assert.ok(sealLarge - sealSmall < 25 && openLarge - openSmall < 25, 'the peak grows with the file');
  });
});
