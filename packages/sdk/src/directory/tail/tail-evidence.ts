/**
 * What a tail found, for somebody else to check (docs/spec/14-proving-directory.md, "Evidence"): a head that the log has
 * signed, and entries of it that contradict it.
 */
import {
  compareIndexLeaf,
  decodeLeaf,
  KeyDirectoryError,
  LEAF_BYTES,
  positionsHash,
  readIndexLeaf,
  Replay,
  verifyMapProof,
  verifyVrf,
  vrfInput,
} from '@latchkey/key-directory';
import { verifyHead, type VerifiedHead } from '@latchkey/key-directory/verify';
import type { CanonicalAddress } from '@latchkey/protocol';
import { decodeBytes, encodeBytes, limits } from '@latchkey/protocol/wire';
import { leafHash, proveInclusion, RunningTree, TlogError, verifyInclusion } from '@latchkey/tlog';
import { utf8 } from '@scure/base';
import * as v from 'valibot';
import { addressField, bytesField, secondsField, storable, textField } from '../../account/stored-json.ts';
import { SdkError } from '../../errors.ts';
import type { Wire } from '../../ports.ts';
import { equalBytes } from '../../signing/equal-bytes.ts';
import type { RecordBody, Space } from '../../sync/types.ts';
import { logPinSchema, openLog, type LogEngine, type LogPin } from '../key-log/log-pin.ts';
import type { OwnLook } from '../key-log/own-look.ts';
import { fetchedTiles } from './fetch-tiles.ts';
import type { TailCopy } from './tail-place.ts';
import { TailRefused } from './tail-refused.ts';

/** As many leaves as fit a vault record: 8,192 × 88 characters. */
const MOST_LEAVES = 8_192;
const MOST_POSITIONS = 65_536;

interface Head {
  readonly checkpoint: string;
  readonly leaf: string;
  /** Of the last index leaf. */
  readonly inclusion: readonly Uint8Array[];
}

/** A leaf under the own address that the map does not have. */
interface HiddenLeaf {
  readonly what: 'leaf_hidden';
  readonly head: Head;
  readonly vrfProof: Uint8Array;
  readonly positions: readonly number[];
  readonly mapProof: Uint8Array;
  readonly position: number;
  readonly leaf: Uint8Array;
  readonly inclusion: readonly Uint8Array[];
}

/** An index leaf that is not what a replay gives. */
interface FalseHead {
  readonly what: 'false_head';
  readonly head: Head;
  readonly indexPosition: number;
  readonly indexLeaf: string;
  readonly inclusion: readonly Uint8Array[];
  /** The whole key log up to the head, 66 bytes a leaf. */
  readonly leaves: string;
}

export interface TailFinding {
  readonly reason: string;
  readonly found: HiddenLeaf | FalseHead;
}

const proof = v.pipe(v.array(bytesField(32)), v.maxLength(limits.MAX_PROOF_HASHES));
const logText = textField(limits.MAX_LOG_ENTRY_CHARS);
const headSchema = v.strictObject({ checkpoint: logText, leaf: logText, inclusion: proof });
const bytesUpTo = (most: number): v.GenericSchema<string, Uint8Array> =>
  v.pipe(
    v.string(),
    v.maxLength(Math.ceil((most * 4) / 3)),
    v.rawTransform(({ dataset, addIssue, NEVER }): Uint8Array => {
      const bytes = decodeBytes(dataset.value);
      if (bytes !== null) return bytes;
      addIssue({ message: 'not canonical base64url' });
      return NEVER;
    }),
  );

interface Body {
  readonly kind: 'evidence';
  readonly v: 2;
  readonly rule: 7;
  readonly reason: string;
  readonly address: string;
  readonly seenSeconds: number;
  readonly log: LogPin;
  readonly found: HiddenLeaf | FalseHead;
}

export const tailEvidenceSchema: v.GenericSchema<unknown, Body> = v.strictObject({
  kind: v.literal('evidence'),
  v: v.literal(2),
  rule: v.literal(7),
  reason: textField(64),
  address: addressField,
  seenSeconds: secondsField,
  log: logPinSchema,
  found: v.variant('what', [
    v.strictObject({
      what: v.literal('leaf_hidden'),
      head: headSchema,
      vrfProof: bytesField(80),
      positions: v.pipe(v.array(secondsField), v.maxLength(MOST_POSITIONS)),
      mapProof: bytesUpTo(limits.MAX_MAP_PROOF_BYTES),
      position: secondsField,
      leaf: bytesField(LEAF_BYTES),
      inclusion: proof,
    }),
    v.strictObject({
      what: v.literal('false_head'),
      head: headSchema,
      indexPosition: secondsField,
      indexLeaf: logText,
      inclusion: proof,
      leaves: textField(Math.ceil((MOST_LEAVES * LEAF_BYTES * 4) / 3)),
    }),
  ]),
});

/**
 * What the log's own signature stands under. Null where the line, or somebody between, may have done it as well, and
 * where the log is too long to be put into a record.
 */
export async function findingOf(
  look: OwnLook,
  { error, copy, wire }: { readonly error: TailRefused; readonly copy: TailCopy; readonly wire: Wire },
): Promise<TailFinding | null> {
  const { reason } = error;
  const { indexCheckpoint: checkpoint, indexLeaf: leaf, indexInclusion } = look.rawHead;
  const head: Head = { checkpoint, leaf, inclusion: indexInclusion };
  const found = await (reason === 'leaf_hidden'
    ? hiddenLeaf(look, head, { position: error.cause as number, copy, wire })
    : falseHead(look, head, { error, copy, wire }));
  return found !== null && contradicts(look.head, found, look.index) === reason ? { reason, found } : null;
}

async function hiddenLeaf(
  { lookup, head: { keys } }: OwnLook,
  head: Head,
  { position, copy, wire }: { readonly position: number; readonly copy: TailCopy; readonly wire: Wire },
): Promise<HiddenLeaf | null> {
  const [leaf] = await leavesOf(copy, position, 1);
  const inclusion = await inclusionOf(wire, 'keys', { index: position, size: keys.size });
  if (leaf === undefined || inclusion === null) return null;
  const { vrfProof, positions, mapProof } = lookup;
  return { what: 'leaf_hidden', head, vrfProof, positions, mapProof, position, leaf: leaf.slice(), inclusion };
}

async function falseHead(
  { head: { keys, index } }: OwnLook,
  head: Head,
  { error, copy, wire }: { readonly error: TailRefused; readonly copy: TailCopy; readonly wire: Wire },
): Promise<FalseHead | null> {
  const { indexPosition, indexLeaf } = error;
  if (indexPosition === null || indexLeaf === null || keys.size > MOST_LEAVES) return null;
  const inclusion = await inclusionOf(wire, 'index', { index: indexPosition, size: index.size });
  if (inclusion === null) return null;
  const leaves = new Uint8Array(keys.size * LEAF_BYTES);
  for (const [at, leaf] of (await leavesOf(copy, 0, keys.size)).entries()) leaves.set(leaf, at * LEAF_BYTES);
  return {
    what: 'false_head',
    head,
    indexPosition,
    indexLeaf: text(indexLeaf),
    inclusion,
    leaves: encodeBytes(leaves),
  };
}

async function leavesOf(copy: TailCopy, from: number, count: number): Promise<readonly Uint8Array[]> {
  const leaves: Uint8Array[] = [];
  for await (const leaf of copy.leaves(from)) {
    if (leaves.length === count) break;
    leaves.push(leaf);
  }
  return leaves;
}

/** Null where the server does not give the tiles for it. */
async function inclusionOf(
  wire: Wire,
  log: 'keys' | 'index',
  place: { readonly index: number; readonly size: number },
): Promise<readonly Uint8Array[] | null> {
  try {
    return await proveInclusion(place, fetchedTiles({ wire, log }));
  } catch (error) {
    if (error instanceof TlogError || error instanceof TailRefused || error instanceof SdkError) return null;
    throw error;
  }
}

/** Kept in the vault; the first one of a kind stays. @returns its record's id */
export async function keepFinding(
  vault: Space,
  { reason, found }: TailFinding,
  {
    address,
    log,
    seenSeconds,
  }: { readonly address: CanonicalAddress; readonly log: LogPin; readonly seenSeconds: number },
): Promise<Uint8Array> {
  const id = await vault.nameRecord('evidence', utf8.decode(`${reason} ${address}`));
  const body = storable({ kind: 'evidence', v: 2, rule: 7, reason, address, seenSeconds, log, found }) as RecordBody;
  await vault.write([{ id, knows: 2, change: (current) => (current === null ? body : 'keep') }]);
  return id;
}

/**
 * Whether the log of this pin has signed what the file says, and whether that contradicts itself.
 *
 * @returns the reason, null where it proves nothing
 */
export async function verifyTailEvidence(
  engine: LogEngine,
  { log, seenSeconds, found, reason }: Body,
  address: CanonicalAddress,
): Promise<string | null> {
  const directory = openLog(engine, log);
  const { checkpoint, leaf, inclusion } = found.head;
  const verified = await verifyHead(
    directory,
    {
      indexCheckpoint: utf8.decode(checkpoint),
      indexLeaf: utf8.decode(leaf),
      indexInclusion: inclusion,
      indexConsistency: [],
      keysConsistency: [],
    },
    { previous: null, nowSeconds: seenSeconds },
  );
  if (verified.refused) return null;
  const output = found.what === 'leaf_hidden' ? verifyVrf(log.vrf, vrfInput(address), found.vrfProof) : null;
  if (found.what === 'leaf_hidden' && output === null) return null;
  const contradicted = contradicts(verified, found, output?.slice(0, 32) ?? new Uint8Array(0));
  return contradicted === reason ? reason : null;
}

type Heads = Pick<VerifiedHead, 'index' | 'keys' | 'mapRoot'>;

/** Which lie it is; null for none. */
function contradicts(
  head: Heads,
  found: HiddenLeaf | FalseHead,
  /** Of the address. */
  index: Uint8Array,
): string | null {
  return found.what === 'leaf_hidden' ? isHidden(head, found, index) : isFalse(head, found);
}

function isHidden({ keys, mapRoot }: Heads, found: HiddenLeaf, index: Uint8Array): 'leaf_hidden' | null {
  const { positions, position, leaf, inclusion, mapProof } = found;
  try {
    const value = positions.length === 0 ? null : positionsHash(positions);
    const isOwn = equalBytes(decodeLeaf(leaf).index, index) && !positions.includes(position);
    const isShown = verifyMapProof({ root: mapRoot, key: index, value, proof: mapProof });
    const place = { index: position, size: keys.size, root: keys.rootHash };
    const isInLog = verifyInclusion({ ...place, leafHash: leafHash(leaf), proof: inclusion });
    return isOwn && isShown && isInLog ? 'leaf_hidden' : null;
  } catch (error) {
    if (error instanceof KeyDirectoryError) return null;
    throw error;
  }
}

function isFalse({ keys, index }: Heads, found: FalseHead): string | null {
  const leaves = decodeBytes(found.leaves);
  if (leaves?.length !== keys.size * LEAF_BYTES) return null;
  const all = Array.from({ length: keys.size }, (_, at) => leaves.subarray(at * LEAF_BYTES, (at + 1) * LEAF_BYTES));
  const log = new RunningTree();
  for (const leaf of all) log.append(leafHash(leaf));
  const indexLeaf = utf8.decode(found.indexLeaf);
  const place = { index: found.indexPosition, size: index.size, root: index.rootHash };
  const isInLog = verifyInclusion({ ...place, leafHash: leafHash(indexLeaf), proof: found.inclusion });
  if (!isInLog || !equalBytes(log.rootHash(), keys.rootHash)) return null;
  return falsehoodOf(indexLeaf, all);
}

/** What is wrong with an index leaf over these leaves of the key log. */
function falsehoodOf(indexLeaf: Uint8Array, leaves: readonly Uint8Array[]): string | null {
  const replay = new Replay();
  try {
    const read = readIndexLeaf(indexLeaf);
    if (read.keys.size > leaves.length) return 'keys_rolled_back';
    for (const leaf of leaves.slice(0, read.keys.size)) replay.add(leaf);
    return compareIndexLeaf(replay, read)?.reason ?? null;
  } catch (error) {
    if (error instanceof KeyDirectoryError) return error.code;
    throw error;
  }
}

function text(bytes: Uint8Array): string {
  try {
    return utf8.encode(bytes);
  } catch {
    return '';
  }
}
