/** A map, or a key log under it, that is not the one that the heads before have shown. */
import type { MemoryKeyLog } from '../memory-key-log.ts';
import { asItWas, both, exchangedLast, filler, from, needHistory, witnessed, type Equivocation } from './lie-parts.ts';
import { COSIGNERS, publishAlone, putMap, type LyingWorld } from './lying-world.ts';
import type { Owner } from './owner.ts';

const { north, south, west } = COSIGNERS;

/** A false genesis at the end of the log, and a map that knows no other. */
async function falseMap(world: LyingWorld, target: Owner): Promise<MemoryKeyLog> {
  const branch = await world.branch();
  const { note } = await target.thiefsGenesis();
  const { leaf, opened } = world.leafOf(target, { note, version: 0, flag: 'genesis' });
  const position = branch.keys.size;
  branch.notes.set(position, opened);
  await branch.keys.append(leaf);
  putMap(branch, world.indexOf(target), [position]);
  return branch;
}

export const FALSE_INDEXES: readonly Equivocation[] = [
  {
    name: 'auditor missing',
    kinds: witnessed,
    told: /^1 auditor_missing$/,
    async tell(world, target) {
      const branch = await falseMap(world, target);
      await publishAlone(branch, { embedded: await branch.sign(branch.keys, { cosigners: [north, south, west] }) });
      branch.indexCheckpoint = await branch.sign(branch.index, { cosigners: [north, south, west] });
      return from(branch);
    },
  },
  {
    name: 'map root not from replay',
    kinds: both,
    needsPin: true,
    told: /^(3 history_(rewritten|shortened)|1 witnesses_too_few)$/,
    async tell(world, target) {
      const branch = await falseMap(world, target);
      await publishAlone(branch);
      return from(branch);
    },
  },
  {
    name: 'map flip and flip back',
    kinds: both,
    needsPin: true,
    told: /^(known \d+|1 witnesses_too_few)$/,
    async tell(world, target) {
      const branch = await world.branch();
      const honest = branch.replay;
      putMap(branch, world.indexOf(target), []);
      await publishAlone(branch);
      branch.replay = honest;
      await publishAlone(branch);
      return from(branch);
    },
  },
  {
    name: 'embedded checkpoint inconsistent',
    kinds: both,
    told: /^(2 keys_forked|1 witnesses_too_few)$/,
    async tell(world, target) {
      const fork = await world.branch({ exchanged: await exchangedLast(world, target) });
      await publishAlone(fork, { embedded: await fork.sign(fork.keys, { cosigners: [] }) });
      return from(fork);
    },
  },
  {
    name: 'index leaf not last',
    kinds: both,
    told: /^(3 index_leaf_not_last|2 keys_(forked|inconsistent)|1 (keys_rolled_back|head_stale))$/,
    async tell(world, target) {
      await needHistory(world, target);
      const past = await asItWas(world, world.log.index.size - 1, world.nowSeconds);
      return async (answer, request) => {
        const { indexLeaf } = (await past.answer(request)).head;
        const { answers } = await past.answer(request);
        return { head: { ...answer.head, indexLeaf }, answers };
      };
    },
  },
  {
    name: 'genesis twice',
    kinds: both,
    needsPin: true,
    told: /^(3 genesis_twice|1 witnesses_too_few)$/,
    async tell(world, target) {
      const branch = await world.branch();
      const { note } = await target.thiefsGenesis();
      const version = target.chain.length;
      const { leaf, opened } = world.leafOf(target, { note, version, flag: 'genesis' });
      branch.notes.set(branch.keys.size, opened);
      await branch.keys.append(leaf);
      putMap(branch, world.indexOf(target));
      await publishAlone(branch);
      return from(branch);
    },
  },
  {
    name: 'key log forked between index leaves',
    kinds: both,
    told: /^(2 keys_inconsistent|1 witnesses_too_few)$/,
    async tell(world, target) {
      const branch = await world.branch();
      await branch.addLeaf(filler('one'), { opening: new Uint8Array(16), note: '' });
      await publishAlone(branch);
      const fork = await world.branch({ exchanged: await exchangedLast(world, target) });
      for (const word of ['one', 'two']) await fork.addLeaf(filler(word), { opening: new Uint8Array(16), note: '' });
      await fork.index.append(...branch.index.entries.slice(fork.index.size));
      await publishAlone(fork);
      return from(fork);
    },
  },
];
