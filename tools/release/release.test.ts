/** What operators download: the same bytes from everybody who makes it, signed, and it runs where nothing else is. */
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { builtFolder } from 'latchkey-web/built-folder';

const repository = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'latchkey-release-'));
const [here, there] = [join(folder, 'here'), join(folder, 'there')];
const platform = `linux-${process.arch}`;
const top = `latchkey-0.1.0-${platform}`;
const tarball = `${top}.tar.gz`;
const guide = readFileSync(join(repository, 'docs/guide/operator.md'), 'utf8');
/** Neither our Node nor anybody else's is found by its name. */
const bare = { PATH: join(folder, 'few-programs'), HOME: folder };

async function release(
  root: string,
  out: string,
  { umask = '022', ...env }: Record<string, string> = {},
): Promise<void> {
  const program = join(root, 'tools/release/release.ts');
  // Level 1: a quarter of the time, and what is inside is the same.
  const flags = ['--out', out, '--platform', platform, '--level', '1'];
  const command = `umask ${umask}; exec "$0" "$@"`;
  const { INIT_CWD: _, ...own } = process.env;
  await promisify(execFile)('sh', ['-c', command, process.execPath, program, ...flags], {
    cwd: folder,
    env: { ...own, ...env },
  });
}

/** The same source in another folder; other people's packages are where they are, and the web app is built. */
function copySource(to: string): void {
  mkdirSync(join(to, 'node_modules'), { recursive: true });
  symlinkSync(join(repository, 'node_modules/.store'), join(to, 'node_modules/.store'));
  for (const name of readdirSync(join(repository, 'node_modules'))) {
    if (name.startsWith('.')) continue;
    cpSync(join(repository, 'node_modules', name), join(to, 'node_modules', name), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  const files = ['LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'package.json', 'package-lock.json', 'tsconfig.base.json'];
  // That another folder builds the same web app is shown by apps/web/test/build.test.ts.
  for (const name of [...files, 'apps', 'packages', 'tools', 'docs/guide', '.build/web']) {
    cpSync(join(repository, name), join(to, name), { recursive: true, verbatimSymlinks: true });
  }
}

before(async () => {
  await builtFolder();
  const copy = join(folder, 'a much longer name of a folder', 'repository');
  copySource(copy);
  await Promise.all([
    release(repository, here, { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8' }),
    release(copy, there, { TZ: 'America/St_Johns', LC_ALL: 'C', LANG: 'C', umask: '077' }),
  ]);
  mkdirSync(bare.PATH);
  const readlink = spawnSync('sh', ['-c', 'command -v readlink'], { encoding: 'utf8' }).stdout.trim();
  symlinkSync(readlink, join(bare.PATH, 'readlink'));
  const unpacked = spawnSync('tar', ['-xzf', join(here, tarball), '-C', folder], { encoding: 'utf8' });
  assert.equal(unpacked.status, 0, unpacked.stderr);
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('two releases made in other folders, time zones, locales and umasks are byte-equal', () => {
  assert.deepEqual(readdirSync(here).toSorted(), ['SHA256SUMS', tarball]);
  for (const name of readdirSync(here)) {
    assert.ok(readFileSync(join(here, name)).equals(readFileSync(join(there, name))), name);
  }
});

test('it holds what runs and nothing else, in order, of nobody and of no time', () => {
  const listed = spawnSync('tar', ['-tvzf', join(here, tarball), '--full-time', '--utc'], { encoding: 'utf8' }).stdout;
  const rows = listed.trimEnd().split('\n');
  const names = rows.map((row) => row.replace(/^.* 00:00 |^.*:[0-9]{2} /, '').replace(/ -> .*$/, ''));
  assert.ok(rows.length > 1_000);
  for (const row of rows)
    assert.match(row, /^(-rw-r--r--|-rwxr-xr-x|lrwxrwxrwx) root\/root +[0-9]+ 1985-10-26 08:15:00 /);
  assert.deepEqual(
    names,
    [...names].toSorted((a, b) => (a < b ? -1 : 1)),
  );
  assert.deepEqual(
    names.filter((name) =>
      /node_modules\/((@latchkey|latchkey)[^/]*\/.*(\.ts$|\.test\.|\/src\/)|latchkey-server\/dist\/testing\/|(typescript|vite|puppeteer-core|fast-check)\/)/.test(
        name,
      ),
    ),
    [],
  );
  const ours = names.filter((name) => /node_modules\/(@latchkey|latchkey)/.test(name));
  for (const name of ours) {
    const text = readFileSync(join(folder, name), 'latin1');
    for (const place of [repository, folder]) assert.ok(!text.includes(place), `${name} names ${place}`);
  }
});

test('it runs where no other Node is: command, witness, and a server that serves the web app', async () => {
  const bin = (name: string): string => join(folder, top, 'bin', name);
  const run = (name: string, ...args: readonly string[]): string => {
    const done = spawnSync('/bin/sh', [bin(name), ...args], { cwd: folder, encoding: 'utf8', env: bare });
    assert.equal(done.status, 0, done.stderr);
    return done.stdout;
  };
  assert.equal(run('latchkey', '--version'), 'latchkey 0.1.0\n');
  assert.match(run('latchkey', 'doctor'), /[0-9a-f]{64}/);
  assert.match(run('latchkey-witness', '--help'), /keygen NAME/);
  const args = [
    '--port',
    '0',
    '--log-level',
    'silent',
    '--data',
    join(folder, 'data'),
    '--web-app',
    join(folder, top, 'web'),
  ];
  const server = spawn('/bin/sh', [bin('latchkey-server'), 'start', ...args], { cwd: folder, env: bare });
  const ended = once(server, 'exit');
  try {
    let text = '';
    for await (const chunk of server.stdout) {
      text += String(chunk);
      if (text.includes('/app/')) break;
    }
    const address = /http:\/\/127\.0\.0\.1:[0-9]+/.exec(text)?.[0] ?? '';
    assert.equal((await fetch(`${address}/.well-known/latchkey`)).status, 200);
    assert.match(await (await fetch(`${address}/app/`)).text(), /<!doctype html>/i);
  } finally {
    server.kill('SIGTERM');
  }
  assert.deepEqual(await ended, [0, null]);
});

const hasOpenSsh = spawnSync('ssh-keygen', ['-?']).error === undefined;

test(
  'the guide’s commands find a changed byte, a changed sum and another signer',
  { skip: !hasOpenSsh && 'no ssh-keygen' },
  () => {
    const shell = (command: string): number | null =>
      spawnSync('sh', ['-c', command], { cwd: here, encoding: 'utf8' }).status;
    const verify =
      'ssh-keygen -Y verify -f release-signers -I latchkey-release -n latchkey-release -s SHA256SUMS.sig < SHA256SUMS';
    const compare = 'sha256sum --check --ignore-missing SHA256SUMS';
    assert.ok(guide.includes(verify) && guide.includes(compare), 'the guide says something else');
    for (const name of ['one', 'two']) {
      assert.equal(shell(`ssh-keygen -q -t ed25519 -N "" -C "" -f ../${name}`), 0);
    }
    const sign = (key: string): void => {
      const program = `
      const { signSums } = await import(${JSON.stringify(join(import.meta.dirname, 'sign-sums.ts'))});
      signSums(${JSON.stringify(here)}, ${JSON.stringify(join(folder, key))});`;
      const done = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
      assert.equal(done.status, 0, done.stderr);
    };
    const publicKey = readFileSync(join(folder, 'one.pub'), 'utf8');
    writeFileSync(join(here, 'release-signers'), `latchkey-release namespaces="latchkey-release" ${publicKey}`);

    sign('one');
    assert.equal(shell(verify), 0);
    assert.equal(shell(compare), 0);
    // What a rebuilder on another kind of processor compares.
    assert.equal(shell(`gunzip -c ${tarball} | sha256sum | cut -c 1-64 | grep -qf - SHA256SUMS`), 0);

    const whole = readFileSync(join(here, tarball));
    const changed = Buffer.from(whole);
    changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
    writeFileSync(join(here, tarball), changed);
    assert.notEqual(shell(compare), 0);
    writeFileSync(join(here, tarball), whole);

    const sums = readFileSync(join(here, 'SHA256SUMS'), 'utf8');
    writeFileSync(
      join(here, 'SHA256SUMS'),
      sums.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    assert.notEqual(shell(verify), 0);
    writeFileSync(join(here, 'SHA256SUMS'), sums);
    sign('two');
    assert.notEqual(shell(verify), 0);
    sign('one');
    assert.notEqual(shell(verify.replace('-n latchkey-release', '-n file')), 0);
    assert.equal(shell(verify), 0);
  },
);
