/** Answers about one address that are not what an honest head says of it. */
import { vrfInput } from '@latchkey/key-directory';
import { proveVrf } from '@latchkey/key-directory/prove';
import { proveInclusion } from '@latchkey/tlog';
import { both, exchangedLast, hash, inLookup, type Equivocation } from './lie-parts.ts';

export const FALSE_LOOKUPS: readonly Equivocation[] = [
  {
    name: 'foreign VRF',
    kinds: both,
    told: /^3 vrf_wrong$/,
    async tell(world, target) {
      // Somebody whom nobody looks for, but whose commitment names the target.
      const { note } = await target.thiefsGenesis();
      const { leaf, opened } = world.leafOf(target, { note, version: 0, flag: 'genesis' });
      const index = hash(`stranger ${world.log.keys.size}`);
      const planted = Uint8Array.from([...leaf.subarray(0, 2), ...index, ...leaf.subarray(34)]);
      await world.log.addLeaf(planted, opened);
      await world.publish();
      const position = world.log.keys.size - 1;
      return inLookup(async (lookup) => {
        const { size, tiles } = world.log.keys;
        const inclusion = await proveInclusion({ index: position, size }, tiles);
        Object.assign(lookup, {
          vrfProof: proveVrf(hash('another'), vrfInput(target.address)).proof,
          positions: [position],
          mapProof: world.log.replay.prove(index).proof,
          leaves: [{ leaf: planted, inclusion, opened }],
        });
      });
    },
  },
  {
    name: 'VRF for another address',
    kinds: both,
    told: /^3 vrf_wrong$/,
    async tell(world, target) {
      const other = world.owners.find((owner) => owner !== target) ?? target;
      const shown = await world.log.lookup(other.address);
      return inLookup((lookup) => void Object.assign(lookup, shown));
    },
  },
  {
    name: 'wrong opening',
    kinds: both,
    told: /^(3 commitment_wrong|known \d+)$/,
    async tell(_world, target) {
      const { note } = await target.thiefsGenesis();
      return inLookup(({ leaves }) => {
        const last = leaves.at(-1);
        if (last?.opened) last.opened.note = note;
      });
    },
  },
  {
    name: 'stale version',
    kinds: both,
    told: /^3 (map_proof_wrong|history_shortened|history_lost)$/,
    tell: async () =>
      inLookup((lookup) => {
        lookup.positions.pop();
        lookup.leaves.pop();
      }),
  },
  {
    name: 'extra position',
    kinds: both,
    told: /^3 (map_proof_wrong|positions_malformed)$/,
    tell: async (world) =>
      inLookup((lookup) => {
        lookup.positions.push(world.log.keys.size - 1);
        const last = lookup.leaves.at(-1);
        if (last !== undefined) lookup.leaves.push(structuredClone(last));
      }),
  },
  {
    name: 'reordered positions',
    kinds: both,
    told: /^3 positions_malformed$/,
    tell: async () =>
      inLookup((lookup) => {
        lookup.positions = [...lookup.positions, 0].toReversed().concat(0);
      }),
  },
  {
    name: 'bad tile / partial tile',
    kinds: both,
    told: /^(3 leaf_not_in_log|[23] (keys|index)_(inconsistent|leaf_not_last|forked))$/,
    async tell(world, target) {
      const version = target.chain.length - 1;
      const [forged] = (await exchangedLast(world, target)).values();
      return inLookup(({ leaves }, head) => {
        const last = leaves.at(-1);
        if (last !== undefined && forged !== undefined && version >= 0) Object.assign(last, structuredClone(forged));
        else head.indexInclusion = head.indexInclusion.map(() => new Uint8Array(32)).concat(new Uint8Array(32));
      });
    },
  },
];
