/**
 * A folder in which the rescue runs as its owner would run it: the two scripts, the two packages that they name, and a
 * `node` that cannot read anything else. So nothing of Latchkey can have a part in it.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const room = import.meta.dirname;
const installed = join(room, '../../packages/crypto/node_modules');
export const scripts = ['rescue.mjs', 'records.mjs'] as const;
export const packages = ['@scure/bip39', 'age-encryption'] as const;

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Sandbox {
  readonly folder: string;
  run(this: void, script: (typeof scripts)[number], ...args: readonly string[]): Ran;
  sh(this: void, text: string): Ran;
}

export function sandbox(folder: string): Sandbox {
  for (const name of packages) install(name, installed, join(folder, 'node_modules'));
  for (const script of scripts) copyFileSync(join(room, script), join(folder, script));
  mkdirSync(join(folder, 'bin'));
  const flags = ['--permission', `--allow-fs-read=${folder}/`, `--allow-fs-write=${folder}/`];
  const shim = `#!/bin/sh\nexec '${process.execPath}' ${flags.map((flag) => `'${flag}'`).join(' ')} "$@"\n`;
  writeFileSync(join(folder, 'bin/node'), shim, { mode: 0o700 });
  const start = (command: string, args: readonly string[]): Ran => {
    const env = { PATH: `${folder}/bin:/usr/bin:/bin`, LC_ALL: 'C.UTF-8' };
    const done = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
    return { status: done.status, out: done.stdout, err: done.stderr };
  };
  return {
    folder,
    run: (script, ...args) => start('./bin/node', [script, ...args]),
    sh: (text) => start('sh', ['-c', `set -e\n${text}`]),
  };
}

/** The package as npm unpacks it, and in it what it needs itself. */
function install(name: string, from: string, to: string): void {
  const real = realpathSync(join(from, name));
  const copy = join(to, name);
  cpSync(real, copy, { recursive: true, filter: (path) => !/\.(ts|map|md)$|\/src$/.test(path) });
  const { dependencies = {} } = JSON.parse(readFileSync(join(real, 'package.json'), 'utf8')) as PackageJson;
  const beside = real.slice(0, -name.length);
  for (const each of Object.keys(dependencies)) install(each, beside, join(copy, 'node_modules'));
}

interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
}
