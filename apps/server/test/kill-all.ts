/** Server, witness and auditor as processes that are killed while updates go on; what must hold is looked at after each. */
import assert from 'node:assert/strict';
import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCheckpoint, parseNote } from '@latchkey/tlog';
import type { KeyLogConfig } from '../src/config/config.ts';
import { WireRefused } from '../src/testing/index.ts';
import { directoryOf, lookedUp, nextVersion, resolveUntil, verifiedHead } from './key-log-client.ts';
import { register, type TestOwner } from './test-owner.ts';

const witnessCommand = join(import.meta.dirname, '../../witness/bin/latchkey-witness');
const origin = 'http://kill.test';
const ROLES = ['server', 'witness', 'auditor'] as const;
type Role = (typeof ROLES)[number];

export interface KillAllOptions {
  readonly rounds: number;
  readonly lanes: number;
}

export interface KillAllFigures {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly killed: Readonly<Record<Role, number>>;
}

interface Lane {
  owner: TestOwner;
  /** Statements that were accepted: at least so many versions, with these last ones. */
  readonly accepted: string[];
}

/** @throws where something acknowledged is lost, a head has a second root, or somebody has found evidence */
export async function driveKillAll({ rounds, lanes: count }: KillAllOptions): Promise<KillAllFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-kill-all-'));
  const stage = await prepare(folder);
  const killed = { server: 0, witness: 0, auditor: 0 };
  const heads = new Map<string, string>();
  let acknowledged = 0;
  try {
    for (const role of ROLES) await stage.start(role);
    const reader = await register(origin, 'reader@localhost', { connectTo: stage.url });
    const lanes: Lane[] = [];
    for (let lane = 0; lane < count; lane++) {
      lanes.push({ owner: await register(origin, `lane-${lane}@localhost`, { connectTo: stage.url }), accepted: [] });
    }
    for (let round = 0; round < rounds; round++) {
      // Each alone, then any of them together.
      const dying = round < ROLES.length ? [ROLES[round] ?? 'server'] : ROLES.filter(() => Math.random() < 0.5);
      const timer = setTimeout(
        () => {
          for (const role of dying) stage.kill(role);
        },
        200 + Math.random() * 800,
      );
      await Promise.all(lanes.map((lane) => updateUntil(lane, dying.includes('server') ? Infinity : 5)));
      clearTimeout(timer);
      for (const role of dying) {
        killed[role] += 1;
        await stage.ended(role);
        await stage.start(role);
      }
      for (const lane of lanes) await settle(lane);
      await requireAll(reader, lanes);
      await noteHeads(stage.url, heads);
      stage.requireNoEvidence();
    }
    acknowledged = lanes.reduce((sum, { accepted }) => sum + accepted.length, 0);
  } finally {
    await stage.stop();
    rmSync(folder, { recursive: true });
  }
  return { rounds, acknowledged, killed };
}

interface Stage {
  readonly url: string;
  start(role: Role): Promise<void>;
  kill(role: Role): void;
  ended(role: Role): Promise<void>;
  requireNoEvidence(): void;
  stop(): Promise<void>;
}

async function prepare(folder: string): Promise<Stage> {
  const ports = { server: await freePort(), witness: await freePort(), auditor: await freePort() };
  const url = `http://127.0.0.1:${ports.server}`;
  const cosigner = (role: 'witness' | 'auditor'): { url: string; key: string[] } => {
    const args = ['keygen', `${role}.example/k`, '--data', join(folder, role), '--role', role, '--json'];
    const made = spawnSync(witnessCommand, args, { encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    const { keys } = JSON.parse(made.stdout) as { keys: string[] };
    return { url: `http://127.0.0.1:${ports[role]}`, key: keys };
  };
  const keyLog: KeyLogConfig = { witness: [cosigner('witness')], auditor: [cosigner('auditor')], quorum: null };
  const children = new Map<Role, ChildProcess>();

  async function start(role: Role): Promise<void> {
    if (role === 'server') {
      const program = join(import.meta.dirname, 'serve-for-kill.ts');
      const child = fork(program, [join(folder, role), JSON.stringify(keyLog), String(ports.server)]);
      children.set(role, child);
      const gone = once(child, 'exit').then(() => null);
      assert.ok((await Promise.race([once(child, 'message'), gone])) !== null, 'the server died before it listened');
      if (!existsSync(join(folder, 'witness/logs'))) await writeLogs();
      return;
    }
    const verb = role === 'witness' ? 'run' : 'audit';
    const child = spawn(witnessCommand, [verb, '--data', join(folder, role), '--port', String(ports[role])]);
    children.set(role, child);
    child.stderr.resume();
    const gone = once(child, 'exit').then(() => null);
    assert.ok((await Promise.race([once(child.stdout, 'data'), gone])) !== null, `the ${role} did not start`);
    child.stdout.resume();
  }

  /** Both logs with their URLs, for whoever cosigns them. */
  async function writeLogs(): Promise<void> {
    const policy = (await (await fetch(`${url}/kt/policy`)).json()) as Record<
      'keys' | 'index',
      { verifierKeys: string[] }
    >;
    const lines = (['keys', 'index'] as const).flatMap((log) =>
      policy[log].verifierKeys.map((key) => `log ${key} ${url}/kt/${log}`),
    );
    for (const role of ['witness', 'auditor']) writeFileSync(join(folder, role, 'logs'), `${lines.join('\n')}\n`);
  }

  async function ended(role: Role): Promise<void> {
    const child = children.get(role);
    child?.kill('SIGKILL');
    if (child !== undefined && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  return {
    url,
    start,
    kill: (role) => void children.get(role)?.kill('SIGKILL'),
    ended,
    requireNoEvidence() {
      for (const role of ['witness', 'auditor']) {
        const kept = join(folder, role, role, 'evidence');
        assert.deepEqual(existsSync(kept) ? readdirSync(kept) : [], [], `the ${role} has caught an honest server`);
      }
    },
    async stop() {
      for (const role of ROLES) await ended(role);
    },
  };
}

/** @returns when the line is cut, or so many were accepted */
async function updateUntil(lane: Lane, most: number): Promise<void> {
  for (let done = 0; done < most; done++) {
    const next = await nextVersion(lane.owner);
    try {
      await lane.owner.wire.call('directoryUpdate', { statement: next.statement });
    } catch (error) {
      if (!isCut(error)) throw error;
      return;
    }
    lane.owner = next.owner;
    lane.accepted.push(next.statement);
    // Enough for a round: every update costs its place in every later check.
    if (done === 20) await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function isCut(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof WireRefused && error.code === 'storage_failed');
}

/** Whatever was cut may have been written all the same; the owner goes on with new keys of the last accepted ones. */
async function settle(lane: Lane): Promise<void> {
  const { wire, address } = lane.owner;
  const { answers } = await wire.call('directoryResolve', { wanted: [{ address, fromVersion: 0 }] });
  const [answer] = answers;
  assert.ok(answer?.answer === 'known');
  const stored = answer.notes.slice(1, 1 + lane.accepted.length);
  assert.deepEqual(stored, lane.accepted.slice(0, stored.length), 'an acknowledged statement is another one');
  assert.ok(answer.more || stored.length === lane.accepted.length, 'an acknowledged statement is lost');
  if (!answer.more && answer.notes.length > 1 + lane.accepted.length) await replaceOwner(lane);
}

/** Its newest keys went with the answer: somebody else takes the lane. */
async function replaceOwner(lane: Lane): Promise<void> {
  const { origin: connectTo } = lane.owner.wire;
  const owner = await register(origin, `lane-${Math.random().toString(36).slice(2)}@localhost`, { connectTo });
  lane.owner = owner;
  lane.accepted.length = 0;
}

async function requireAll(reader: TestOwner, lanes: readonly Lane[]): Promise<void> {
  const directory = directoryOf(await reader.wire.call('ktPolicy', {}));
  for (const { owner, accepted } of lanes) {
    const versions = accepted.length + 1;
    const resolved = await resolveUntil(reader.wire, owner.address, { versions, withinMs: 120_000 });
    const found = lookedUp(await verifiedHead(directory, resolved), owner.address, resolved.answers[0]);
    assert.ok(!found.refused && found.found, JSON.stringify(found));
    const notes = found.versions.map(({ note }) => Buffer.from(note ?? []).toString('utf8'));
    assert.deepEqual(notes.slice(1), accepted);
  }
}

async function noteHeads(url: string, heads: Map<string, string>): Promise<void> {
  for (const log of ['keys', 'index']) {
    const bytes = await (await fetch(`${url}/kt/${log}/checkpoint`)).arrayBuffer();
    const { size, rootHash } = parseCheckpoint(parseNote(new Uint8Array(bytes)).text);
    const root = Buffer.from(rootHash).toString('hex');
    assert.equal(heads.get(`${log} ${size}`) ?? root, root, `two heads of ${log} at ${size}`);
    heads.set(`${log} ${size}`, root);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
