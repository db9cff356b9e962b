/** Heads that were not signed so, or not by all, or not of now. */
import { verifierKey } from '@latchkey/tlog';
import type { KtAnswer, TestWitness } from '../memory-key-log.ts';
import { asItWas, both, exchangedLast, filler, from, needHistory, witnessed, type Equivocation } from './lie-parts.ts';
import { COSIGNERS, HOUR, publishAlone, type Lie, type LyingWorld } from './lying-world.ts';
import type { Owner } from './owner.ts';

const { north, south, auditor } = COSIGNERS;

const inHead =
  (edit: (head: KtAnswer['head']) => void): Lie =>
  (answer) => {
    const copy = structuredClone(answer);
    edit(copy.head);
    return copy;
  };
async function signedBy(world: LyingWorld, target: Owner, index: readonly TestWitness[]): Promise<Lie> {
  const branch = await world.branch({ exchanged: await exchangedLast(world, target) });
  await publishAlone(branch, { embedded: await branch.sign(branch.keys, { cosigners: [north, south] }) });
  branch.indexCheckpoint = await branch.sign(branch.index, { cosigners: index });
  return from(branch);
}

export const FALSE_HEADS: readonly Equivocation[] = [
  {
    name: 'fork of the same size',
    kinds: both,
    told: /^(2 index_forked|1 witnesses_too_few)$/,
    async tell(world, target) {
      const exchanged = await exchangedLast(world, target);
      const fork = await world.branch({ indexSize: world.log.index.size - 1, exchanged });
      await publishAlone(fork);
      return from(fork);
    },
  },
  {
    name: 'inconsistent larger tree',
    kinds: both,
    told: /^(2 keys_inconsistent|1 witnesses_too_few)$/,
    async tell(world, target) {
      const fork = await world.branch({ exchanged: await exchangedLast(world, target) });
      await fork.addLeaf(filler('larger'), { opening: new Uint8Array(16), note: '' });
      await publishAlone(fork);
      return from(fork);
    },
  },
  {
    name: 'rollback',
    kinds: both,
    told: /^(1 index_rolled_back|1 head_stale|known \d+)$/,
    async tell(world, target) {
      await needHistory(world, target);
      const size = world.log.index.size - 1;
      return from(await asItWas(world, size, world.publishedAt[size - 1] ?? 0));
    },
  },
  {
    name: 'freeze',
    kinds: both,
    told: /^(1 head_stale|1 index_rolled_back)$/,
    async tell(world, target) {
      // Whoever believes it writes to keys that were replaced more than a day ago.
      await world.add(target, await target.rotation());
      const size = world.log.index.size - 1;
      await world.later(25);
      return from(await asItWas(world, size, world.nowSeconds - 25 * HOUR));
    },
  },
  {
    name: 'too few witnesses',
    kinds: witnessed,
    told: /^1 witnesses_too_few$/,
    tell: (world, target) => signedBy(world, target, [north, auditor]),
  },
  {
    name: 'one witness under two names',
    kinds: witnessed,
    told: /^1 witnesses_too_few$/,
    tell(world, target) {
      const { type, publicKey } = north.key;
      const again = { ...north, key: verifierKey(south.key.name, type, publicKey) };
      return signedBy(world, target, [north, again, auditor]);
    },
  },
  {
    name: 'second VRF key',
    kinds: both,
    told: /^1 origin_foreign$/,
    async tell(world, target) {
      const other = world.newLog('another');
      await other.add(target.address, (await target.thiefsGenesis()).note);
      await publishAlone(other);
      return from(other);
    },
  },
  {
    name: 'extension line',
    kinds: both,
    told: /^1 extension_line$/,
    async tell(world) {
      const indexCheckpoint = await world.log.sign(world.log.index, { extensions: ['more'] });
      return inHead((head) => void (head.indexCheckpoint = Buffer.from(indexCheckpoint).toString()));
    },
  },
  {
    name: 'key-id collision with a bad signature',
    kinds: both,
    told: /^1 signature_wrong$/,
    tell: async () =>
      inHead((head) => {
        const lines = head.indexCheckpoint.trimEnd().split('\n');
        const [dash, name, encoded = ''] = (lines.pop() ?? '').split(' ');
        const line = Buffer.from(encoded, 'base64');
        line.writeUInt8(line.readUInt8(line.length - 1) ^ 1, line.length - 1);
        head.indexCheckpoint = [...lines, `${dash} ${name} ${line.toString('base64')}`, ''].join('\n');
      }),
  },
];
