/** Statements that stand in the log for everybody, and are not their owner’s. */
import { both, type Equivocation } from './lie-parts.ts';

export const FALSE_HISTORIES: readonly Equivocation[] = [
  {
    name: 'unsigned ghost version',
    kinds: both,
    isPublic: true,
    told: /^4 ghost_version$/,
    async tell(world, target) {
      await world.add(target, await target.alone('signed'));
      return null;
    },
  },
  {
    name: 'reset without recovery signature',
    kinds: both,
    isPublic: true,
    told: /^4 reset_unsigned$/,
    async tell(world, target) {
      await world.add(target, await target.alone('reset'));
      return null;
    },
  },
  {
    name: 'reset before the hold',
    kinds: both,
    isPublic: true,
    told: /^known \d+$/,
    async tell(world, target) {
      const reset = await target.thiefsReset();
      await world.add(target, reset);
      target.pendingReset = reset;
      return null;
    },
  },
  {
    name: 'reset after a veto',
    kinds: both,
    isPublic: true,
    told: /^4 reset_vetoed$/,
    async tell(world, target) {
      const reset = await target.thiefsReset();
      await world.add(target, reset);
      target.pendingReset = reset;
      await world.add(target, await target.veto());
      await world.add(target, await target.thiefsRotation(reset));
      return null;
    },
  },
  {
    name: 're-issue shown as rotation',
    kinds: both,
    isPublic: true,
    told: /^4 reissue_as_rotation$/,
    async tell(world, target) {
      const tombstone = await target.tombstone();
      await world.add(target, tombstone);
      await world.add(target, await target.alone('signed'));
      return null;
    },
  },
  {
    name: 'weakened recovery used at once',
    kinds: both,
    isPublic: true,
    told: /^known \d+$/,
    async tell(world, target) {
      await world.add(target, await target.rotation('later'));
      const reset = await target.thiefsReset();
      await world.add(target, reset);
      target.pendingReset = reset;
      return null;
    },
  },
];
