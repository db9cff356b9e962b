/** Alice, who looks for bob in a log that lies as a test tells it to. */
import assert from 'node:assert/strict';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress, type CanonicalAddress } from '@latchkey/protocol';
import { keyOwner, newKit, type MadeIdentity, type MadeStatement } from './key-owner.ts';
import { MemoryKeyLog, testWitness, type KtAnswer, type MemoryKeyLogOptions } from './memory-key-log.ts';
import { memoryVault, type MemoryVault } from './memory-vault.ts';
import { verifyKeptIdentities } from '../src/signing/identity.ts';
import type { OwnKeys } from '../src/signing/types.ts';
import { evidenceFile } from '../src/directory/key-log/evidence.ts';
import { verifyEvidence } from '../src/directory/key-log/verify-evidence.ts';
import type { PinningDirectory } from '../src/directory/pinning-directory.ts';
import { provingDirectory } from '../src/directory/proving-directory.ts';
import type { Resolution } from '../src/directory/types.ts';

export const alice = canonicalAddress('alice@localhost');
export const bob = canonicalAddress('bob@localhost');
export const nobody = canonicalAddress('nobody@localhost');
export const HOUR = 3_600;
export const START = 1_795_600_000;

export type Lie = NonNullable<Parameters<MemoryKeyLog['wire']>[0]>;
export const north = await testWitness('north');
export const south = await testWitness('south');

export const kit = await newKit();
export const alices: MadeIdentity = await keyOwner(alice).genesis();
export const bobZero: MadeIdentity = await keyOwner(bob).genesis({ recovery: kit.recovery });
export const bobOne: MadeIdentity = await keyOwner(bob).rotation({ after: bobZero, recovery: kit.recovery });

async function keysOf({ note, signer }: MadeIdentity): Promise<OwnKeys> {
  const [identity] = await verifyKeptIdentities(nodeEngine, [note], { address: alice });
  assert.ok(identity !== undefined);
  const newest = { identity, signer, sealIdentity: '' };
  return { newest, all: [newest] };
}
const aliceKeys = await keysOf(alices);

/** Alice's view of a log of her own making. */
export class World {
  nowSeconds = START;
  readonly vault: MemoryVault = memoryVault();
  log: MemoryKeyLog;
  lie: Lie = (answer) => answer;

  constructor(options: Partial<MemoryKeyLogOptions> = {}) {
    this.log = new MemoryKeyLog({ nowSeconds: () => this.nowSeconds, ...options });
  }

  directory(): PinningDirectory {
    const clock = { nowMs: () => this.nowSeconds * 1_000, sleep: async () => undefined };
    const wire = this.log.wire((answer, request) => this.lie(answer, request));
    const parts = { engine: nodeEngine, wire, session: '', vault: this.vault, address: alice, keys: aliceKeys, clock };
    return provingDirectory({ ...parts, log: this.log.pin });
  }

  async add(...made: readonly MadeStatement[]): Promise<void> {
    for (const { note, flag, statement } of made) {
      await this.log.add('address' in statement ? statement.address : '', note, flag);
    }
    await this.log.publish();
  }

  /** Time passes, and the log's heart beats. */
  async later(seconds: number): Promise<void> {
    this.nowSeconds += seconds;
    await this.log.beat();
  }

  async resolve(address: CanonicalAddress = bob): Promise<Resolution> {
    const [resolution] = await this.directory().resolve([address]);
    assert.ok(resolution !== undefined);
    return resolution;
  }

  /** What stands in the way of writing, or to which version one writes. */
  async says(address: CanonicalAddress = bob): Promise<string> {
    const resolution = await this.resolve(address);
    if (resolution.outcome === 'known') return `${resolution.trust} ${resolution.identity.statement.version}`;
    if (resolution.outcome === 'unknown') return 'unknown';
    return `${resolution.rule} ${resolution.reason}`;
  }

  async hasEvidence(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const body of this.vault.bodies.values()) {
      if (body.kind !== 'evidence') continue;
      const verdict = await verifyEvidence(nodeEngine, evidenceFile(body));
      assert.ok(verdict.holds, String(body['reason']));
      found.push(verdict.reason);
    }
    return found.toSorted();
  }
}

export async function world(options: Partial<MemoryKeyLogOptions> = {}): Promise<World> {
  const made = new World(options);
  await made.add(alices);
  return made;
}

/** Bob known at version 0. */
export async function worldWithBob(
  options: Partial<MemoryKeyLogOptions> = {},
  trust = options.witnesses === undefined ? 'first_use' : 'witnessed',
): Promise<World> {
  const made = await world(options);
  await made.add(bobZero);
  assert.equal(await made.says(), `${trust} 0`);
  return made;
}

export const change =
  (edit: (answer: KtAnswer) => void): Lie =>
  (answer) => {
    const copy = structuredClone(answer);
    edit(copy);
    return copy;
  };
/** Of whoever is asked for last: bob. */
export const lookup = (edit: (found: KtAnswer['answers'][number]) => void): Lie =>
  change(({ answers }) => {
    const last = answers.at(-1);
    if (last !== undefined) edit(last);
  });

export async function failure(w: World): Promise<string> {
  return w.says().catch(reasonOf);
}

export function reasonOf(error: unknown): string {
  const { rule, reason, code } = error as { rule?: number; reason?: string; code?: string };
  return rule === undefined ? `error ${code ?? String(error)}` : `${rule} ${reason}`;
}
