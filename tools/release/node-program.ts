import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const PLATFORMS = ['linux-x64', 'linux-arm64'] as const;
export type Platform = (typeof PLATFORMS)[number];

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string } | undefined>>;
}

/**
 * Folder of the Node package that package-lock.json pins for a platform. npm installs this machine's own alone; another
 * one is fetched by npm, and unpacked only when its hash is the one in the lock file.
 *
 * @param work folder that may be written to
 * @throws Error where it cannot be had, or is another one
 */
export function nodeProgram(root: string, platform: Platform, work: string): string {
  const name = `node-${platform}`;
  const here = join(root, 'node_modules', name);
  if (existsSync(join(here, 'bin/node'))) return here;

  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined) throw new Error(`package-lock.json does not pin ${name}`);
  const folder = join(work, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const npm = process.env['npm_execpath'];
  const [command, first]: [string, readonly string[]] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const options = ['--ignore-scripts', '--prefer-offline', '--loglevel=error', '--pack-destination', folder];
  run(command, [...first, 'pack', `${name}@${version}`, ...options], root);
  const tarball = join(folder, `${name}-${version}.tgz`);
  const hash = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (hash !== integrity) throw new Error(`${name} ${version} is not the one that package-lock.json names`);
  run('tar', ['-xzf', tarball, '-C', folder, 'package/bin/node', 'package/LICENSE', 'package/package.json'], root);
  rmSync(tarball);
  return join(folder, 'package');
}

function run(command: string, args: readonly string[], cwd: string): void {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command} ${args[0] ?? ''} failed: ${done.error?.message ?? done.stderr}`);
}
