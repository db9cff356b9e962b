/** Every lie about keys that the design names, as strong as its name lets it be: where one check goes, it works. */
import { createHash } from 'node:crypto';
import { encodeLeaf, parseIndexLeaf, vrfInput } from '@latchkey/key-directory';
import { proveVrf } from '@latchkey/key-directory/prove';
import { parseCheckpoint, parseNote, proveInclusion, verifierKey } from '@latchkey/tlog';
import type { KtAnswer, MemoryKeyLog, TestWitness } from '../memory-key-log.ts';
import {
  COSIGNERS,
  HOUR,
  publishAlone,
  putMap,
  type ForgedLeaf,
  type Kind,
  type Lie,
  type LyingWorld,
} from './lying-world.ts';
import type { Owner } from './owner.ts';

export interface Equivocation {
  /** As in the design. */
  readonly name: string;
  readonly kinds: readonly Kind[];
  /** What whoever is lied to may be told; the rest is a fault. */
  readonly told: RegExp;
  /** Works against a first contact whose server nobody audits: such a reader knows the target before. */
  readonly needsPin?: true;
  /** The lie stays in the log for everybody. */
  readonly isPublic?: true;
  /** @returns what the server does with its honest answer; null where the log itself says it */
  readonly tell: (world: LyingWorld, target: Owner) => Promise<Lie | null>;
}

const both: readonly Kind[] = ['witnessed', 'alone'];
const witnessed: readonly Kind[] = ['witnessed'];
const { north, south, west, auditor } = COSIGNERS;
const hash = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());

type Lookup = KtAnswer['answers'][number];
type Head = KtAnswer['head'];

/** Of whoever is asked for last. */
const inLookup =
  (edit: (lookup: Lookup, head: Head) => void | Promise<void>): Lie =>
  async (answer) => {
    const copy = structuredClone(answer);
    const last = copy.answers.at(-1);
    if (last !== undefined) await edit(last, copy.head);
    return copy;
  };
const inHead =
  (edit: (head: Head) => void): Lie =>
  (answer) => {
    const copy = structuredClone(answer);
    edit(copy.head);
    return copy;
  };
const from =
  (log: MemoryKeyLog): Lie =>
  (_answer, request) =>
    log.answer(request);

/** Another key in the place of the target's last one. */
async function exchangedLast(world: LyingWorld, target: Owner): Promise<ReadonlyMap<number, ForgedLeaf>> {
  const version = target.chain.length - 1;
  const before = target.chain[version - 1] ?? null;
  const thief = version === 0 ? await target.thiefsGenesis() : await target.alone('signed', before);
  const flag = version === 0 ? 'genesis' : 'signed';
  const position = world.positionsOf(target).at(-1) ?? 0;
  return new Map([[position, world.leafOf(target, { note: thief.note, version, flag })]]);
}

/** What nobody has yet: somebody else's leaf. */
function filler(word: string): Uint8Array {
  return encodeLeaf({ flag: 'genesis', index: hash(`index ${word}`), commitment: hash(word) });
}

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

/** The log as it was when its index had so many leaves, with the signatures of then. */
async function asItWas(world: LyingWorld, indexSize: number, timeSeconds: number): Promise<MemoryKeyLog> {
  const entry = world.log.index.entries[indexSize - 1] ?? new Uint8Array();
  const keysSize = parseCheckpoint(parseNote(parseIndexLeaf(entry).checkpoint).text).size;
  const past = await world.branch({ keysSize, indexSize });
  past.indexCheckpoint = await past.sign(past.index, { timeSeconds });
  return past;
}

async function needHistory(world: LyingWorld, target: Owner): Promise<void> {
  if (world.log.index.size < 2) await world.add(target, await target.rotation());
}

async function signedBy(world: LyingWorld, target: Owner, index: readonly TestWitness[]): Promise<Lie> {
  const branch = await world.branch({ exchanged: await exchangedLast(world, target) });
  await publishAlone(branch, { embedded: await branch.sign(branch.keys, { cosigners: [north, south] }) });
  branch.indexCheckpoint = await branch.sign(branch.index, { cosigners: index });
  return from(branch);
}

export const EQUIVOCATIONS: readonly Equivocation[] = [
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
