/**
 * Recipients that are not named (docs/spec/08-message.md, "Blind recipients"). The root stands in the statement; each
 * of them gets the own way up to it, and nobody can tell how many others there are, nor that there is any.
 */
import { LABELS, type Engine } from '@latchkey/crypto';
import type { Party } from '@latchkey/protocol';
import { SdkError } from '../errors.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { asciiBytes, concatBytes } from './bytes.ts';

/** 1,024 leaves at least, 4,096 at most: the opening must fit beside the longest summary. */
export const MIN_BLIND_DEPTH = 10;
export const MAX_BLIND_DEPTH = 12;
export const BLIND_SEED_BYTES = 32;
const HASH_BYTES = 32;
const ORDER_BYTES = 8;

export interface BlindOpening {
  /** 32 bytes. */
  readonly salt: Uint8Array;
  /** Of the leaf, from 0. */
  readonly index: number;
  /** Neighbours on the way up, lowest first, 32 bytes each. */
  readonly path: readonly Uint8Array[];
}

export interface BlindTree {
  readonly root: Uint8Array;
  /** In the order of the parties. */
  readonly openings: readonly BlindOpening[];
}

/**
 * The tree for these parties. Everything random in it comes from the seed, which stays secret and must be fresh for
 * each message: with it the same tree can be made again.
 *
 * @throws SdkError `recipients_too_many`
 */
export async function growBlindTree(engine: Engine, seed: Uint8Array, parties: readonly Party[]): Promise<BlindTree> {
  if (parties.length > 2 ** MAX_BLIND_DEPTH) {
    throw new SdkError('recipients_too_many', `more than ${2 ** MAX_BLIND_DEPTH} recipients under Bcc`);
  }
  const depth = Math.max(MIN_BLIND_DEPTH, Math.ceil(Math.log2(parties.length)));
  const slots = await Promise.all(Array.from({ length: 2 ** depth }, (_, index) => slotOf(engine, seed, index)));
  // Which slots are taken must not tell how many are.
  const taken = slots.toSorted((a, b) => (a.order < b.order ? -1 : 1)).slice(0, parties.length);
  const level = slots.map(({ random }) => random);
  for (const [at, { index, random }] of taken.entries()) {
    const party = parties[at];
    if (party !== undefined) level[index] = await leafOf(engine, random, party);
  }
  const levels = [level];
  for (let below = level; below.length > 1;) {
    below = await Promise.all(pairsOf(below).map(async ([left, right]) => nodeOf(engine, left, right)));
    levels.push(below);
  }
  const openings = taken.map(({ index, random }) => ({
    salt: random,
    index,
    path: levels.slice(0, -1).map((one, height) => one[(index >> height) ^ 1] ?? new Uint8Array(HASH_BYTES)),
  }));
  return { root: levels.at(-1)?.[0] ?? new Uint8Array(HASH_BYTES), openings };
}

/** What a message keeps of its blind recipients. */
export interface BlindOnes {
  readonly blindSeed: Uint8Array;
  readonly bcc: readonly Party[];
}

const grown = new WeakMap<readonly Party[], { readonly seed: Uint8Array; readonly tree: Promise<BlindTree> }>();

/**
 * The same, grown once for as long as the message is in memory: its root is signed, and every batch of its recipients
 * asks for openings.
 */
export function blindTreeOf(engine: Engine, { blindSeed, bcc }: BlindOnes): Promise<BlindTree> {
  const known = grown.get(bcc);
  if (known?.seed === blindSeed) return known.tree;
  const tree = growBlindTree(engine, blindSeed, bcc);
  grown.set(bcc, { seed: blindSeed, tree });
  return tree;
}

/** Whether this party stands under the root. */
export async function opensBlind(
  engine: Engine,
  root: Uint8Array,
  { opening, party }: { readonly opening: BlindOpening; readonly party: Party },
): Promise<boolean> {
  const { path, index } = opening;
  if (path.length < MIN_BLIND_DEPTH || path.length > MAX_BLIND_DEPTH || index >= 2 ** path.length) return false;
  let hash = await leafOf(engine, opening.salt, party);
  for (const [height, beside] of path.entries()) {
    const isRight = ((index >> height) & 1) === 1;
    hash = isRight ? await nodeOf(engine, beside, hash) : await nodeOf(engine, hash, beside);
  }
  return equalBytes(hash, root);
}

interface Slot {
  readonly index: number;
  /** A leaf nobody has, or the salt of the leaf of somebody. */
  readonly random: Uint8Array;
  readonly order: bigint;
}

async function slotOf(engine: Engine, seed: Uint8Array, index: number): Promise<Slot> {
  const number = new Uint8Array(2);
  new DataView(number.buffer).setUint16(0, index);
  const bytes = await engine.hkdfSha256({
    secret: seed,
    salt: new Uint8Array(0),
    info: concatBytes(LABELS.blindSlot.bytes, number),
    lengthBytes: HASH_BYTES + ORDER_BYTES,
  });
  const order = new DataView(bytes.buffer, bytes.byteOffset + HASH_BYTES, ORDER_BYTES).getBigUint64(0);
  return { index, random: bytes.slice(0, HASH_BYTES), order };
}

async function leafOf(engine: Engine, salt: Uint8Array, { address, identity }: Party): Promise<Uint8Array> {
  const text = asciiBytes(address);
  return engine.sha256(concatBytes(LABELS.blind.bytes, salt, Uint8Array.of(text.length), text, identity));
}

async function nodeOf(engine: Engine, left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return engine.sha256(concatBytes(LABELS.blindNode.bytes, left, right));
}

function pairsOf(level: readonly Uint8Array[]): [Uint8Array, Uint8Array][] {
  return Array.from({ length: level.length / 2 }, (_, pair) => [
    level[pair * 2] ?? new Uint8Array(HASH_BYTES),
    level[pair * 2 + 1] ?? new Uint8Array(HASH_BYTES),
  ]);
}
