import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { allNoteTypes, parseVerifierKey, type NoteVerifier } from '@latchkey/tlog';
import { platformVerifier } from '../src/keys/platform-verifier.ts';

const command = join(import.meta.dirname, '../bin/latchkey-witness');
const env = { PATH: '/usr/bin:/bin' };

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function run(...args: string[]): Ran {
  return spawnSync(command, args, { encoding: 'utf8', env, timeout: 60_000 });
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-witness-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A data folder with a key and a list of logs. */
export interface Made {
  readonly data: string;
  /** Ed25519, then ML-DSA-44. */
  readonly keys: readonly string[];
  readonly verifiers: readonly NoteVerifier[];
}

export function make(t: TestContext, role: 'witness' | 'auditor', lines: readonly string[]): Made {
  const data = join(temporaryFolder(t), 'data');
  const made = run('keygen', `${role}.example/w1`, '--data', data, '--role', role, '--json');
  assert.equal(made.status, 0, made.stderr);
  const { keys } = JSON.parse(made.stdout) as { keys: string[] };
  writeFileSync(join(data, 'logs'), `${lines.join('\n')}\n`);
  return { data, keys, verifiers: keys.map((key) => platformVerifier(parseVerifierKey(key, allNoteTypes))) };
}

export interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly lines: () => string;
  post(body: Uint8Array): Promise<{ status: number; type: string | null; text: string }>;
  stop(): Promise<number | null>;
}

/** The real program; killed at the end of the test where it still runs. */
export async function start(t: TestContext, name: 'run' | 'audit', data: string): Promise<Running> {
  const child = spawn(command, [name, '--data', data, '--port', '0'], { env });
  t.after(() => child.kill('SIGKILL'));
  return watch(child);
}

export async function watch(child: ChildProcess): Promise<Running> {
  const { stdout, stderr } = child;
  assert.ok(stdout !== null && stderr !== null);
  let text = '';
  let wrong = '';
  stderr.on('data', (chunk) => (wrong += String(chunk)));
  const url = await new Promise<string>((resolve, reject) => {
    stdout.on('data', (chunk) => {
      text += String(chunk);
      const [, found] = /(http:\/\/127\.0\.0\.1:[0-9]+)\//.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`it ended: ${wrong}`)));
  });
  return {
    child,
    url,
    lines: () => text,
    async post(body) {
      const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body: Buffer.from(body) });
      return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      return child.exitCode;
    },
  };
}
