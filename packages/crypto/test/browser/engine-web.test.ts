/** The web engine in real browsers, under the headers of the app shell. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test, type TestContext } from 'node:test';
import { browserMissing, strictHeaders, type BrowserName, type TestPage, withBrowser } from '@latchkey/testkit';
import { nodeEngine } from '../../src/engine-node/node-engine.ts';
import type { Corpus } from '../../src/engine/corpus.ts';
import { WORKER_POLICY, type WebSource } from '../../src/engine-web/index.ts';
import {
  formatIdentity,
  formatRecipient,
  generateIdentity,
  open,
  recipientOf,
  seal,
  type KeyIdentity,
} from '../../src/index.ts';
import type * as enginePage from './pages/engine-page.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const pageOptions = {
  entryPath: here('pages/engine-page.ts'),
  workers: { '/chunk-worker.js': here('pages/chunk-worker.ts') },
  headers: strictHeaders({ trustedTypes: [WORKER_POLICY] }),
  // The vectors take a minute in Firefox where the machine is busy with other work.
  timeoutMs: 300_000,
};
type Page = TestPage<typeof enginePage>;

const vectorsFolder = here('../../../../vectors/engines/');
const corpora = readdirSync(vectorsFolder).map(
  (file) => JSON.parse(readFileSync(`${vectorsFolder}${file}`, 'utf8')) as Corpus,
);

/** What a browser without a modern WebCrypto has, tried in every browser. */
const older: readonly WebSource[] = ['libsodium', 'noble'];

for (const browser of ['chromium', 'firefox'] satisfies BrowserName[]) {
  test(browser, { skip: browserMissing(browser) }, async (t) => {
    await withBrowser(browser, async (running) => {
      await running.withPage<typeof enginePage, void>(pageOptions, (page) => inPage(t, page, browser));

      await t.test('libsodium needs a policy that allows WebAssembly', async () => {
        const policy = pageOptions.headers['content-security-policy']?.replace("'wasm-unsafe-eval'", '') ?? '';
        const headers = { ...pageOptions.headers, 'content-security-policy': policy };
        await assert.rejects(
          running.withPage<typeof enginePage, unknown>({ ...pageOptions, headers }, (page) =>
            page.call('choose', older),
          ),
          /wasm/i,
        );
      });
    });
  });
}

async function inPage(t: TestContext, page: Page, browser: BrowserName): Promise<void> {
  await t.test('serves every operation as well as this browser can, and says by what', async () => {
    const { name, sources } = await page.call('choose');
    assert.ok(name === 'webcrypto' || (browser === 'firefox' && name === 'libsodium'), `engine ${name}`);
    const best = name === 'webcrypto' ? /^WebCrypto/ : /^libsodium/;
    assert.match(sources.chacha20poly1305, best);
    assert.match(sources.mlkem768x25519, best);
    for (const operation of ['sha256', 'hkdf', 'x25519', 'ed25519'] as const)
      assert.match(sources[operation], /^WebCrypto/, operation);
    const fallback = await page.call('choose', older);
    assert.equal(fallback.name, 'libsodium');
    for (const operation of ['chacha20poly1305', 'x25519', 'mlkem768x25519', 'ed25519'] as const)
      assert.match(fallback.sources[operation], /^libsodium/, operation);
  });

  await t.test('passes the self-test', async () => {
    const results = await page.call('testsItself');
    assert.deepEqual(
      results.filter(({ ok }) => !ok),
      [],
    );
    assert.equal(results.length, 8);
  });

  for (const sources of [undefined, older]) {
    const by = sources?.join(' and ') ?? 'the best sources';
    await t.test(`answers the corpora as every other engine does, by ${by}`, async () => {
      assert.equal(corpora.length, 8);
      for (const corpus of corpora) {
        const report = await page.call('drivesCorpus', corpus, sources);
        assert.deepEqual(report.differences, [], corpus.operation);
        assert.equal(report.missing, 0, corpus.operation);
        assert.equal(report.ran, corpus.cases.length);
      }
    });
  }

  // Firefox has no ChaCha20-Poly1305 of its own: there the three of 16 MiB would take as long as everything else here.
  const most = browser === 'chromium' ? { bytes: 20_000_000, vectors: 143 } : { bytes: 10_000, vectors: 140 };
  await t.test(`${most.vectors} age vectors of CCTV, by the best sources`, async () => {
    const report = await page.call('drivesAgeVectors', null, most.bytes);
    assert.deepEqual(report.differences, []);
    assert.equal(report.vectorCount, most.vectors);
  });

  await t.test('the age vectors of CCTV but the three of 16 MiB, by libsodium and noble', async () => {
    const report = await page.call('drivesAgeVectors', older, 10_000);
    assert.deepEqual(report.differences, []);
    assert.equal(report.vectorCount, 140);
  });

  await t.test('what the page seals, Node opens, and the reverse', async () => {
    for (const kind of ['mlkem768x25519', 'X25519'] as const) {
      await exchange(page, { kind, sizeBytes: 0, where: 'here' });
      await exchange(page, { kind, sizeBytes: 3 * 65_536, where: 'here' });
      await exchange(page, { kind, sizeBytes: 65_536, where: 1 });
      await exchange(page, { kind, sizeBytes: 4_500_001, where: 2 });
    }
    await exchange(page, { kind: 'mlkem768x25519', sizeBytes: 200_001, where: 'here', sources: older });
    await exchange(page, { kind: 'mlkem768x25519', sizeBytes: 4_500_001, where: 2, sources: older });
  });

  await t.test('starts no worker but its own', async () => {
    assert.match(await page.call('startsForeignWorker'), /TypeError/);
  });
}

interface Exchange {
  readonly kind: KeyIdentity['kind'];
  readonly sizeBytes: number;
  readonly where: enginePage.Where;
  readonly sources?: readonly WebSource[];
}

async function exchange(page: Page, { kind, sizeBytes, ...how }: Exchange): Promise<void> {
  const identity = generateIdentity(nodeEngine, kind);
  const recipient = await recipientOf(nodeEngine, identity);
  const file = await page.call('seals', { recipient: formatRecipient(recipient), sizeBytes, ...how });

  const opened = await open(nodeEngine, { source: once(Buffer.from(file, 'base64')), identities: [identity] });
  assert.ok(opened, 'the file is for this identity');
  const plaintext = await gather(opened.plaintext);
  assert.equal(plaintext.length, sizeBytes);

  const sealedHere = await gather(await seal(nodeEngine, { recipients: [recipient], plaintext: once(plaintext) }));
  const openHere = (bytes: Buffer) =>
    page.call('opens', { identity: formatIdentity(identity), file: bytes.toString('base64'), ...how });
  assert.equal(await openHere(sealedHere), sizeBytes);

  sealedHere[sealedHere.length - 1] = (sealedHere.at(-1) ?? 0) ^ 1;
  assert.equal(await openHere(sealedHere), 'payload_damaged');
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function gather(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const bytes of stream) parts.push(bytes);
  return Buffer.concat(parts);
}
