/** An operator with a data folder, a witness, an auditor, and a key for backups. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startTestServer, type TestServer } from '../../apps/server/src/testing/index.ts';
import { formatVerifierKey } from '../../packages/tlog/src/index.ts';

const [server, witness, latchkey] = [
  'server/bin/latchkey-server',
  'witness/bin/latchkey-witness',
  'cli/bin/latchkey',
].map((name) => join(import.meta.dirname, '../../apps', name)) as [string, string, string];
const env = { PATH: '/usr/bin:/bin', XDG_CONFIG_HOME: '/nonexistent' };

export interface Operator {
  readonly folder: string;
  /** Over the data folder, with the witnesses that there are. */
  start(): Promise<TestServer>;
  backup(name: string): void;
  /** Into the data folder, which must be gone. */
  restore(name: string): void;
  loseDisk(): void;
  startCosigners(which?: readonly ('witness' | 'auditor')[]): Promise<void>;
  stopCosigners(): Promise<void>;
}

interface Cosigner {
  readonly role: 'witness' | 'auditor';
  readonly data: string;
  readonly keys: readonly string[];
  readonly port: number;
  child: ChildProcess | null;
}

export async function newOperator(t: TestContext): Promise<Operator> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-operator-'));
  const data = join(folder, 'data');
  const port = await freePort();
  const cosigners: Cosigner[] = [];
  for (const role of ['witness', 'auditor'] as const) {
    const made = ran(witness, ['keygen', `${role}.example/w1`, '--role', role, '--data', join(folder, role), '--json']);
    const { keys } = JSON.parse(made) as { keys: string[] };
    cosigners.push({ role, data: join(folder, role), keys, port: await freePort(), child: null });
  }
  const named = (wanted: Cosigner['role']): { url: string; key: string[] }[] =>
    cosigners
      .filter(({ role }) => role === wanted)
      .map(({ port: at, keys }) => ({ url: `http://127.0.0.1:${at}`, key: [...keys] }));
  const keyLog = { witness: named('witness'), auditor: named('auditor'), quorum: null };
  const recipient = ran(latchkey, ['keygen', '-o', join(folder, 'backup.key')]).trim();
  const operator: Operator = {
    folder,
    async start() {
      const running = await startTestServer({ data, config: { port, keyLog } });
      const { identities } = running.services.keyLog;
      const lines = (['keys', 'index'] as const).flatMap((log) =>
        identities[log].verifierKeys.map((key) => `log ${formatVerifierKey(key)} ${running.origin}/kt/${log}\n`),
      );
      for (const { data: own } of cosigners) writeFileSync(join(own, 'logs'), lines.join(''));
      let stopped: Promise<void> | null = null;
      const stop = (): Promise<void> => (stopped ??= running.stop());
      t.after(stop);
      return { ...running, stop };
    },
    backup: (name) =>
      void ran(server, ['backup', '--data', data, '--out', join(folder, name), '--backup-recipient', recipient]),
    restore(name) {
      const secrets = join(folder, 'secrets.json');
      ran(latchkey, ['open', '-i', join(folder, 'backup.key'), '-o', secrets, join(folder, name, 'secrets.age')]);
      ran(server, ['restore', join(folder, name), '--data', data, '--secrets', secrets]);
      rmSync(secrets);
    },
    loseDisk: () => rmSync(data, { recursive: true }),
    async startCosigners(which = ['witness', 'auditor']) {
      for (const cosigner of cosigners) {
        if (cosigner.child !== null || !which.includes(cosigner.role)) continue;
        const name = cosigner.role === 'witness' ? 'run' : 'audit';
        const child = spawn(witness, [name, '--data', cosigner.data, '--port', String(cosigner.port)], { env });
        child.stderr.on('data', (text) => process.stderr.write(text as Buffer));
        t.after(() => child.kill('SIGKILL'));
        await once(child.stdout, 'data');
        cosigner.child = child;
      }
    },
    async stopCosigners() {
      for (const cosigner of cosigners) {
        const { child } = cosigner;
        cosigner.child = null;
        if (child === null) continue;
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
    },
  };
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return operator;
}

function ran(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env, timeout: 60_000 });
  assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
  return stdout;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
