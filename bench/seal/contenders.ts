/** The programs that seal and open one file, ours first. Each is a whole process, start-up included. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, isInstalled } from '../timed-child.ts';

export interface Contender {
  readonly name: string;
  /** What is being done, where it is not the same as ours. */
  readonly remark: string;
  seal(from: string, to: string): Command;
  /** Null where there is nothing to open: a copy. */
  readonly open: ((from: string, to: string) => Command) | null;
}

export interface Missing {
  readonly name: string;
  readonly why: string;
}

export interface Field {
  readonly ours: Contender;
  readonly others: readonly Contender[];
  readonly missing: readonly Missing[];
  /** Ends what the programs left running. */
  end(): void;
}

const node = process.execPath;
const latchkey = join(import.meta.dirname, '../../apps/cli/bin/latchkey');
const peer = (name: string): string => join(import.meta.dirname, 'peers', name);

/** Makes keys in `folder` and gives the programs that are there. */
export function gatherField(folder: string): Field {
  const identityFile = join(folder, 'identity');
  const recipient = execFileSync(latchkey, ['keygen', '-o', identityFile]).toString().trim();
  const identity = lastLine(readFileSync(identityFile, 'utf8'));
  const others: Contender[] = [copy];
  const missing: Missing[] = [];

  if (isInstalled('age') && isInstalled('age-keygen')) others.push(age(folder));
  else missing.push({ name: 'age', why: 'age is not installed' });
  if (isInstalled('gpg')) others.push(gpg(folder));
  else missing.push({ name: 'gpg', why: 'gpg is not installed' });
  others.push(typage(recipient, identity), openpgp(folder));

  const ours: Contender = {
    name: 'latchkey',
    remark: 'post-quantum recipient, flushed to the disk, renamed at the end',
    seal: (from, to) => ({ argv: [latchkey, 'seal', '--quiet', '-r', recipient, '-o', to, from] }),
    open: (from, to) => ({ argv: [latchkey, 'open', '--quiet', '-i', identityFile, '-o', to, from] }),
  };
  const end = (): void => {
    if (isInstalled('gpgconf')) spawnSync('gpgconf', ['--homedir', join(folder, 'gnupg'), '--kill', 'all']);
  };
  return { ours, others, missing, end };
}

const copy: Contender = {
  name: 'cp',
  remark: 'a plain copy',
  seal: (from, to) => ({ argv: ['cp', '--reflink=never', from, to] }),
  open: null,
};

function age(folder: string): Contender {
  const keyFile = join(folder, 'age-key');
  execFileSync('age-keygen', ['-o', keyFile], { stdio: 'ignore' });
  const recipient = execFileSync('age-keygen', ['-y', keyFile]).toString().trim();
  return {
    name: 'age',
    remark: `${execFileSync('age', ['--version']).toString().trim()}, X25519 recipient`,
    seal: (from, to) => ({ argv: ['age', '-r', recipient, '-o', to, from] }),
    open: (from, to) => ({ argv: ['age', '-d', '-i', keyFile, '-o', to, from] }),
  };
}

function gpg(folder: string): Contender {
  const home = join(folder, 'gnupg');
  mkdirSync(home, { mode: 0o700 });
  const base = ['gpg', '--homedir', home, '--batch', '--quiet', '--trust-model', 'always'];
  const [program = '', ...options] = base;
  execFileSync(program, [...options, '--passphrase', '', '--quick-gen-key', 'alice@example.org', 'future-default'], {
    stdio: 'ignore',
  });
  const sealing = ['--cipher-algo', 'AES256', '--compress-algo', 'none', '-r', 'alice@example.org'];
  return {
    name: 'gpg',
    remark: `${firstLine(execFileSync('gpg', ['--version']).toString())}, cv25519 key, AES-256, no compression`,
    seal: (from, to) => ({ argv: [...base, ...sealing, '-o', to, '--encrypt', from] }),
    open: (from, to) => ({ argv: [...base, '-o', to, '--decrypt', from] }),
  };
}

function typage(recipient: string, identity: string): Contender {
  return {
    name: 'typage',
    remark: 'age-encryption 0.3.1 on Node, the same recipient as ours',
    seal: (from, to) => ({ argv: [node, peer('typage.ts'), 'seal', recipient, from, to] }),
    open: (from, to) => ({ argv: [node, peer('typage.ts'), 'open', identity, from, to] }),
  };
}

function openpgp(folder: string): Contender {
  const keyFile = join(folder, 'openpgp-key');
  writeFileSync(keyFile, '');
  execFileSync(node, [peer('openpgp.ts'), 'keygen', keyFile]);
  return {
    name: 'openpgp.js',
    remark: 'openpgp 6.3.2 on Node, curve25519 key, AES-GCM, no compression',
    seal: (from, to) => ({ argv: [node, peer('openpgp.ts'), 'seal', keyFile, from, to] }),
    open: (from, to) => ({ argv: [node, peer('openpgp.ts'), 'open', keyFile, from, to] }),
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
