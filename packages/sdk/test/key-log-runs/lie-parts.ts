/** What lies about keys are made of. */
import { createHash } from 'node:crypto';
import { encodeLeaf, parseIndexLeaf } from '@latchkey/key-directory';
import { parseCheckpoint, parseNote } from '@latchkey/tlog';
import type { KtAnswer, MemoryKeyLog } from '../memory-key-log.ts';
import type { ForgedLeaf, Kind, Lie, LyingWorld } from './lying-world.ts';
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

export const both: readonly Kind[] = ['witnessed', 'alone'];
export const witnessed: readonly Kind[] = ['witnessed'];
export const hash = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());

type Lookup = KtAnswer['answers'][number];
type Head = KtAnswer['head'];

/** Of whoever is asked for last. */
export const inLookup =
  (edit: (lookup: Lookup, head: Head) => void | Promise<void>): Lie =>
  async (answer) => {
    const copy = structuredClone(answer);
    const last = copy.answers.at(-1);
    if (last !== undefined) await edit(last, copy.head);
    return copy;
  };
export const from =
  (log: MemoryKeyLog): Lie =>
  (_answer, request) =>
    log.answer(request);

/** Another key in the place of the target's last one. */
export async function exchangedLast(world: LyingWorld, target: Owner): Promise<ReadonlyMap<number, ForgedLeaf>> {
  const version = target.chain.length - 1;
  const before = target.chain[version - 1] ?? null;
  const thief = version === 0 ? await target.thiefsGenesis() : await target.alone('signed', before);
  const flag = version === 0 ? 'genesis' : 'signed';
  const position = world.positionsOf(target).at(-1) ?? 0;
  return new Map([[position, world.leafOf(target, { note: thief.note, version, flag })]]);
}

/** What nobody has yet: somebody else's leaf. */
export function filler(word: string): Uint8Array {
  return encodeLeaf({ flag: 'genesis', index: hash(`index ${word}`), commitment: hash(word) });
}

/** The log as it was when its index had so many leaves, with the signatures of then. */
export async function asItWas(world: LyingWorld, indexSize: number, timeSeconds: number): Promise<MemoryKeyLog> {
  const entry = world.log.index.entries[indexSize - 1] ?? new Uint8Array();
  const keysSize = parseCheckpoint(parseNote(parseIndexLeaf(entry).checkpoint).text).size;
  const past = await world.branch({ keysSize, indexSize });
  past.indexCheckpoint = await past.sign(past.index, { timeSeconds });
  return past;
}

export async function needHistory(world: LyingWorld, target: Owner): Promise<void> {
  if (world.log.index.size < 2) await world.add(target, await target.rotation());
}
