import { nodeEngine } from '../../packages/crypto/src/engine-node/index.ts';
import { Replay, encodeLeaf } from '../../packages/key-directory/src/index.ts';
import { evidenceFile } from '../../packages/sdk/src/directory/key-log/evidence.ts';
import { gossipEvidence } from '../../packages/sdk/src/directory/gossip/gossip-evidence.ts';
import { provingDirectory } from '../../packages/sdk/src/directory/proving-directory.ts';
import { KeyLogTail } from '../../packages/sdk/src/directory/tail/tail-key-log.ts';
import { memoryCache } from '../../packages/sdk/src/testing/index.ts';
import { EQUIVOCATIONS } from '../../packages/sdk/test/key-log-runs/equivocations.ts';
import { LyingWorld, type Kind } from '../../packages/sdk/test/key-log-runs/lying-world.ts';
import type { Space } from '../../packages/sdk/src/sync/types.ts';
import { memoryVault, type MemoryVault } from '../../packages/sdk/test/memory-vault.ts';

export interface Left {
  /** As in the design. */
  readonly name: string;
  readonly kind: Kind;
  readonly reason: string;
  /** As `latchkey keys evidence ID` writes it; null where nothing is left. */
  readonly file: Uint8Array | null;
}

/** What a reader who is told each lie keeps of it; where the look cannot see it, who reads the log. */
export async function* evidenceOf(): AsyncGenerator<Left> {
  for (const { name, kinds, needsPin, tell } of EQUIVOCATIONS) {
    for (const kind of kinds) {
      const world = await LyingWorld.begin(kind);
      const [alice, bob] = world.owners;
      const [reader] = world.readers;
      if (alice === undefined || bob === undefined || reader === undefined) throw new Error('an empty world');
      await world.add(bob, await bob.rotation());
      await reader.ask(needsPin === true || kind === 'witnessed' ? bob : alice);
      await reader.lied(bob, await tell(world, bob));
      const isTailed = kind === 'alone' && name.startsWith('map ');
      const vault = isTailed ? await tailed(name === 'map flip and flip back') : reader.vault;
      yield* left(name, kind, vault);
    }
  }
  for (const kind of ['witnessed', 'alone'] as const) yield* left('gossip mismatch', kind, await gossiped(kind));
}

function* left(name: string, kind: Kind, { bodies }: MemoryVault): Generator<Left> {
  const all = [...bodies.values()].filter((body) => body.kind === 'evidence');
  for (const body of all) yield { name, kind, reason: String(body['reason']), file: evidenceFile(body) };
  if (all.length === 0) yield { name, kind, reason: '', file: null };
}

/** Alice reads the log of an operator whose map does without her; for one head, or to the end. */
async function tailed(flipsBack: boolean): Promise<MemoryVault> {
  const world = await LyingWorld.begin('alone');
  const [alice] = world.owners;
  if (alice === undefined) throw new Error('an empty world');
  const vault = memoryVault();
  const { log } = world;
  const without = new Replay();
  for (const leaf of log.keys.entries.slice(1)) without.add(leaf);
  await log.publish({ mapRoot: without.mapRoot() });
  const filler = encodeLeaf({ flag: 'genesis', index: new Uint8Array(32).fill(9), commitment: new Uint8Array(32) });
  await log.addLeaf(filler, { opening: new Uint8Array(16), note: '' });
  if (!flipsBack) await log.publish({ mapRoot: without.mapRoot() });
  await log.publish();
  const clock = { nowMs: () => world.nowSeconds * 1_000, sleep: async () => undefined };
  const wire = { ...log.wire(), read: (_route: unknown, tile: unknown) => log.read(tile as never) };
  const parts = { engine: nodeEngine, wire: wire as never, vault, address: alice.address, clock };
  const directory = provingDirectory({ ...parts, session: '', keys: alice.keys, log: log.pin });
  const look = await directory.ownLook();
  if (look === null) throw new Error('no key log');
  const tail = new KeyLogTail({ ...parts, cache: memoryCache() });
  await tail.readUpTo(look, { effort: 'thorough' }).catch(() => undefined);
  return vault;
}

/** Two logs of one operator; who cosigns both is in league. */
async function gossiped(kind: Kind): Promise<MemoryVault> {
  const [hers, his] = [await LyingWorld.begin(kind), await LyingWorld.begin(kind)];
  const [, bob] = his.owners;
  if (bob === undefined) throw new Error('an empty world');
  await his.add(bob, await bob.rotation());
  // Alone, his is longer by one: two heads of one hour all the same.
  if (kind === 'alone') await his.add(bob, await bob.rotation());
  const [hersOfAlice] = hers.owners;
  if (hersOfAlice !== undefined) await hers.add(hersOfAlice, await hersOfAlice.rotation());
  const vault = memoryVault();
  const heads = [await hers.log.strike(), await his.log.strike()] as const;
  const finding = { address: bob.address, seenSeconds: his.nowSeconds, log: his.log.pin, heads };
  await (vault as Space).write([await gossipEvidence(vault, finding)]);
  return vault;
}
