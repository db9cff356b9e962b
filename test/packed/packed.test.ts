// What others install: the packages, in an empty folder, with an old Node first on the PATH.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { packRooms, type PackedRoom } from '../../tools/pack/pack-rooms.ts';
import { attempt, consumer, oldNode, root, run, runModule, work, type Ran } from './consumer.ts';
import { DIRECTORY_STAGE, TLOG_STAGE, writeExamples } from './readme-examples.ts';

let packed: readonly PackedRoom[] = [];

before(() => {
  packed = packRooms({ root, stagingDir: join(work, 'staging'), packagesDir: join(work, 'packages') });
  mkdirSync(consumer);
  writeFileSync(join(consumer, 'package.json'), '{ "name": "consumer", "private": true }');
  const tarballs = packed.map(({ tarball }) => tarball);
  const args = [
    'install',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...tarballs,
  ];
  run('npm', args, { timeoutMs: 240_000 });
});

after(() => rmSync(work, { recursive: true }));

test('every room that is not private is packed', () => {
  const names = packed.map(({ name }) => name).toSorted();
  assert.deepEqual(names, [
    '@latchkey/crypto',
    '@latchkey/host-node',
    '@latchkey/key-directory',
    '@latchkey/mime',
    '@latchkey/protocol',
    '@latchkey/sdk',
    '@latchkey/tlog',
    'latchkey',
    'latchkey-server',
    'latchkey-witness',
  ]);
});

test('workers are packed beside what starts them', () => {
  const hostNode = join(consumer, 'node_modules/@latchkey/host-node/dist');
  assert.ok(existsSync(join(hostNode, 'login/login-worker.js')));
  const crypto = join(consumer, 'node_modules/@latchkey/crypto/dist');
  for (const worker of ['engine-node/chunk-worker.js', 'engine-web/chunk-worker.js']) {
    assert.ok(existsSync(join(crypto, worker)), worker);
  }
});

/** What `latchkey doctor` opens to test the machine: sealed to keys that anybody may know. */
const openToAll: ReadonlySet<string> = new Set(['package/dist/self-test/known-files.js']);

test('no tarball holds tests, sources, vectors or secrets', () => {
  for (const { name, tarball } of packed) {
    const listed = spawnSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).stdout.trim().split('\n');
    assert.ok(listed.includes('package/README.md') && listed.includes('package/LICENSE'), name);
    const strange = listed.filter(
      (entry) =>
        !/^package\/(dist\/[\w/-]+(\.js|\.d\.ts|\.json)|bin\/[\w.-]+|README\.md|LICENSE|package\.json)$/.test(entry),
    );
    assert.deepEqual(strange, [], name);
    assert.deepEqual(
      listed.filter((entry) => /[./]tests?[./]|vector|fixture|planted/.test(entry)),
      [],
      name,
    );
    const unpacked = join(work, 'unpacked', name);
    mkdirSync(unpacked, { recursive: true });
    assert.equal(spawnSync('tar', ['-xzf', tarball, '-C', unpacked]).status, 0);
    for (const entry of listed) {
      const text = readFileSync(join(unpacked, entry), 'latin1');
      const secret = /AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]{20}|PRIVATE KEY-----\n/.test(text);
      assert.ok(!secret || openToAll.has(entry), `${name}: ${entry} holds a secret key`);
      assert.ok(!text.includes(root), `${name}: ${entry} names the folder in which it was packed`);
    }
  }
});

test('the command seals and opens with an old Node first on the PATH', (t) => {
  if (oldNode === null) return t.skip('no Node below 24 is installed');
  assert.ok(Number(run('node', ['-p', 'process.versions.node']).stdout.split('.')[0]) < 24);
  const latchkey = (...args: readonly string[]): Ran => run('npx', ['--no-install', 'latchkey', ...args]);

  latchkey('keygen', '-o', 'key.txt');
  assert.equal(statSync(join(consumer, 'key.txt')).mode & 0o077, 0);
  const recipient = /age1pq1[0-9a-z]+/.exec(readFileSync(join(consumer, 'key.txt'), 'utf8'))?.[0];
  assert.ok(recipient !== undefined);
  // 64 MiB is where worker threads begin (packages/crypto/src/engine-node/node-chunk-cipher.ts).
  for (const [name, sizeBytes] of [
    ['small', 1000],
    ['large', 64 * 1024 * 1024 + 1],
  ] as const) {
    const bytes = Buffer.alloc(sizeBytes, 'not sealed yet ');
    writeFileSync(join(consumer, name), bytes);
    latchkey('seal', '-r', recipient, '-o', `${name}.age`, name);
    assert.ok(!readFileSync(join(consumer, `${name}.age`)).includes('not sealed yet'));
    latchkey('open', '-i', 'key.txt', '-o', `${name}.out`, `${name}.age`);
    assert.ok(readFileSync(join(consumer, `${name}.out`)).equals(bytes));
  }
  run('npx', ['--no-install', 'latchkey', 'seal', '-r', recipient, '-o', 'piped.age'], {
    input: readFileSync(join(consumer, 'large')),
  });
  latchkey('open', '-i', 'key.txt', '-o', 'piped.out', 'piped.age');
  assert.ok(readFileSync(join(consumer, 'piped.out')).equals(readFileSync(join(consumer, 'large'))));
  if (availableParallelism() > 1) withoutChunkWorker(() => onlySmallSeals(recipient));
  assert.match(latchkey('--version').stdout, /0\.1\.0/);
});

/** What comes from a pipe goes to threads in runs: without their module a large one fails, and a small one does not. */
function onlySmallSeals(recipient: string): void {
  const seal = (name: string): Ran =>
    attempt('npx', ['--no-install', 'latchkey', 'seal', '-fr', recipient, '-o', 'x'], {
      input: readFileSync(join(consumer, name)),
    });
  assert.equal(seal('small').status, 0);
  const large = seal('large');
  assert.equal(large.status, 1, large.stderr);
  assert.match(large.stderr, /\[engine_thread_failed\]/);
}

function withoutChunkWorker(work: () => void): void {
  const worker = join(consumer, 'node_modules/@latchkey/crypto/dist/engine-node/chunk-worker.js');
  renameSync(worker, `${worker}.away`);
  try {
    work();
  } finally {
    renameSync(`${worker}.away`, worker);
  }
}

test('the server starts its threads, serves and stops', async () => {
  const args = ['start', '--data', join(work, 'data'), '--port', '0', '--log-level', 'silent'];
  const server = spawn(join(consumer, 'node_modules/.bin/latchkey-server'), args, { cwd: consumer });
  let text = '';
  for await (const chunk of server.stdout) {
    text += String(chunk);
    if (text.includes('Data:')) break;
  }
  const [address = ''] = /http:\/\/127\.0\.0\.1:[0-9]+/.exec(text) ?? [];
  assert.equal((await fetch(`${address}/.well-known/latchkey`)).status, 200);
  server.kill('SIGTERM');
  assert.deepEqual(await once(server, 'exit'), [0, null]);
});

test('crypto seals and opens in a module of somebody else', () => {
  const out = runModule(
    'seal.mjs',
    `
import { formatRecipient, generateIdentity, open, parseRecipient, recipientOf, seal } from '@latchkey/crypto';
import { nodeEngine as engine } from '@latchkey/crypto/engine-node';

const identity = generateIdentity(engine);
const recipient = parseRecipient(formatRecipient(await recipientOf(engine, identity)));
async function* once(text) {
  yield new TextEncoder().encode(text);
}
const sealed = await seal(engine, { recipients: [recipient], plaintext: once('opened again') });
const opened = await open(engine, { source: sealed, identities: [identity] });
console.log(opened.openedBy, Buffer.concat(await Array.fromAsync(opened.plaintext)).toString());
`,
  );
  assert.equal(out, 'mlkem768x25519 opened again\n');
});

test('host-node keeps a profile, a cache and a login thread in a module of somebody else', () => {
  const out = runModule(
    'host.mjs',
    `
import { openClientHost } from '@latchkey/host-node';
const host = await openClientHost({ home: 'profile' });
await host.profile.exclusively(() => host.profile.write('account', new TextEncoder().encode('kept')));
const space = new Uint8Array(16);
await host.cache.apply(space, { records: [], log: { size: 7, peaks: new Uint8Array(), awaited: 0 } });
const { request } = await host.login.startLogin('input');
const unreachable = await host.connect('http://127.0.0.1:9').call(
  { method: 'GET', path: '/', auth: 'none', takes: 'none', errors: [], response: {} }, {},
).catch(({ code }) => code);
const kept = Buffer.from(await host.profile.read('account')).toString();
console.log(kept, (await host.cache.log(space)).size, request.length > 20, unreachable);
await host.close();
`,
  );
  assert.equal(out, 'kept 7 true server_unreachable\n');
});

test('tlog reads a note in a module of somebody else', () => {
  const out = runModule(
    'note.mjs',
    `
import { formatNote, parseNote } from '@latchkey/tlog';
const note = parseNote(new TextEncoder().encode('a text\\n\\n\\u2014 example.org/log AAAAAQI=\\n'));
console.log(JSON.stringify(note.text), note.signatures[0].keyName, formatNote(note).length);
`,
  );
  assert.equal(out, '"a text\\n" example.org/log 37\n');
});

test('the examples of tlog’s README run in an empty folder: a log, a witness and a client', () => {
  assert.equal(writeExamples('tlog').length, 3);
  run(process.execPath, ['tlog-example-2.mts']);
  assert.equal(runModule('tlog-stage.mjs', TLOG_STAGE), 'log example.com/log 2 64\nwitness 2 1 status 404\nentry 1\n');
});

test('the example of key-directory’s README runs in an empty folder, and refuses what is not proved', () => {
  assert.equal(writeExamples('key-directory').length, 1);
  assert.equal(runModule('directory-stage.mjs', DIRECTORY_STAGE), 'a key\ndo not encrypt: vrf_wrong\n');
});

test('a strict consumer type-checks against the declarations of every door', () => {
  const doors = packed.flatMap(({ name }) => {
    const { exports = {} }: { exports?: Record<string, unknown> } = JSON.parse(
      readFileSync(join(consumer, 'node_modules', name, 'package.json'), 'utf8'),
    );
    return Object.keys(exports).map((door) => name + door.slice(1));
  });
  assert.ok(doors.includes('@latchkey/crypto/engine-node'));
  const everyDoor = doors.map((door, i) => `export * as door${i} from '${door}';`).join('\n');
  writeFileSync(join(consumer, 'doors.mts'), everyDoor);
  writeFileSync(
    join(consumer, 'consumer.mts'),
    `
import { floorOf, parseRecipient, type PublicRecipient } from '@latchkey/crypto';
import { parseNote, type Note } from '@latchkey/tlog';

export const recipient: PublicRecipient = parseRecipient('age1');
export const note: Note = parseNote(new Uint8Array());
// @ts-expect-error: the floor takes kinds, not any text
floorOf(['rot13']);
`,
  );
  writeFileSync(
    join(consumer, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        module: 'nodenext',
        moduleResolution: 'nodenext',
        target: 'es2024',
        lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable'],
        types: ['node'],
        typeRoots: [join(root, 'node_modules/@types')],
        skipLibCheck: false,
        noEmit: true,
      },
      files: ['consumer.mts', 'doors.mts', ...['tlog', 'key-directory'].flatMap(writeExamples)],
    }),
  );
  const typeScript = join(root, 'node_modules/typescript/bin/tsc');
  run(process.execPath, [typeScript, '-p', 'tsconfig.json'], { timeoutMs: 240_000 });
});
