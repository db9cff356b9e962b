/**
 * What a tail found, for somebody else to check (docs/spec/14-proving-directory.md, "Evidence"): a head that the log has
 * signed, and entries of it that contradict it.
 */
import { KeyDirectoryError, LEAF_BYTES, parseIndexLeaf, verifyVrf, vrfInput } from '@latchkey/key-directory';
import { verifyHead } from '@latchkey/key-directory/verify';
import type { CanonicalAddress } from '@latchkey/protocol';
import { decodeBytes, encodeBytes, limits } from '@latchkey/protocol/wire';
import { parseCheckpoint, parseNote, proveInclusion, TlogError } from '@latchkey/tlog';
import { utf8 } from '@scure/base';
import * as v from 'valibot';
import { addressField, bytesField, parseStored, secondsField, storable, textField } from '../../account/stored-json.ts';
import { SdkError } from '../../errors.ts';
import type { RecordCache, Wire } from '../../ports.ts';
import type { RecordBody, Space } from '../../sync/types.ts';
import { logPinSchema, openLog, type LogEngine, type LogPin } from '../key-log/log-pin.ts';
import type { OwnLook } from '../key-log/own-look.ts';
import { fetchedTiles } from './fetch-tiles.ts';
import { falsehood, isHidden, type FalseHead, type HiddenLeaf, type ShownHead } from './tail-contradiction.ts';
import { MOST_KEPT_LEAVES } from './tail-effort.ts';
import { TailCopy } from './tail-place.ts';
import { TailRefused } from './tail-refused.ts';

/** As many leaves as fit a vault record: 8,192 × 88 characters. A file has as many as a device keeps. */
const MOST_LEAVES_IN_VAULT = 8_192;
const MOST_POSITIONS = 65_536;

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
      leaves: v.nullable(textField(Math.ceil((MOST_KEPT_LEAVES * LEAF_BYTES * 4) / 3))),
    }),
  ]),
});

/** What the log's own signature stands under. Null where the line, or somebody between, may have done it as well. */
export async function findingOf(
  look: OwnLook,
  { error, copy, wire }: { readonly error: TailRefused; readonly copy: TailCopy; readonly wire: Wire },
): Promise<TailFinding | null> {
  const { reason } = error;
  const { indexCheckpoint: checkpoint, indexLeaf: leaf, indexInclusion } = look.rawHead;
  const head: ShownHead = { checkpoint, leaf, inclusion: indexInclusion };
  const found = await (reason === 'leaf_hidden'
    ? hiddenLeaf(look, head, { position: error.cause as number, copy, wire })
    : falseHead(look, head, { error, copy, wire }));
  return found === null ? null : { reason, found };
}

async function hiddenLeaf(
  { lookup, head: proved, index }: OwnLook,
  head: ShownHead,
  { position, copy, wire }: { readonly position: number; readonly copy: TailCopy; readonly wire: Wire },
): Promise<HiddenLeaf | null> {
  const leaf = (await leavesOf(copy, position, 1)).slice();
  const inclusion = await inclusionOf(wire, 'keys', { index: position, size: proved.keys.size });
  if (leaf.length === 0 || inclusion === null) return null;
  const { vrfProof, positions, mapProof } = lookup;
  const found = { what: 'leaf_hidden', head, vrfProof, positions, mapProof, position, leaf, inclusion } as const;
  return isHidden(proved, found, index) === null ? null : found;
}

async function falseHead(
  { head: proved }: OwnLook,
  head: ShownHead,
  { error, copy, wire }: { readonly error: TailRefused; readonly copy: TailCopy; readonly wire: Wire },
): Promise<FalseHead | null> {
  const { reason, indexPosition, indexLeaf } = error;
  const { keys, index } = proved;
  if (indexPosition === null || indexLeaf === null || keys.size > MOST_KEPT_LEAVES) return null;
  const inclusion = await inclusionOf(wire, 'index', { index: indexPosition, size: index.size });
  if (inclusion === null) return null;
  const leaves = await leavesOf(copy, 0, keys.size);
  const kept = keys.size > MOST_LEAVES_IN_VAULT ? null : encodeBytes(leaves);
  const found: FalseHead = {
    what: 'false_head',
    head,
    indexPosition,
    indexLeaf: text(indexLeaf),
    inclusion,
    leaves: kept,
  };
  return falsehood(proved, found, leaves) === reason ? found : null;
}

/** Fewer where the device has not so many. */
async function leavesOf(copy: TailCopy, from: number, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count * LEAF_BYTES);
  let read = 0;
  for await (const leaf of copy.leaves(from)) {
    if (read === count) break;
    bytes.set(leaf, read * LEAF_BYTES);
    read += 1;
  }
  return bytes.subarray(0, read * LEAF_BYTES);
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
  if (found.what === 'false_head') {
    const leaves = found.leaves === null ? null : decodeBytes(found.leaves);
    return leaves !== null && falsehood(verified, found, leaves) === reason ? reason : null;
  }
  const output = verifyVrf(log.vrf, vrfInput(address), found.vrfProof);
  return output !== null && isHidden(verified, found, output.slice(0, 32)) === reason ? reason : null;
}

/** With the leaves that no vault holds, from what this device has read; as it was where they are not here. */
export async function withLeaves(
  host: { readonly engine: LogEngine; readonly cache: RecordCache },
  body: RecordBody,
): Promise<RecordBody> {
  const read = parseStored(tailEvidenceSchema, body);
  if (read === null || read.found.what !== 'false_head' || read.found.leaves !== null) return body;
  const { copy } = await TailCopy.open(host, openLog(host.engine, read.log).keys.origin);
  const size = keysSizeOf(read.found.head);
  const leaves = size > MOST_KEPT_LEAVES ? null : await leavesOf(copy, 0, size);
  if (leaves?.length !== size * LEAF_BYTES) return body;
  return storable({ ...read, found: { ...read.found, leaves: encodeBytes(leaves) } }) as RecordBody;
}

/** As a head says that was verified before it was kept; of what is none nothing can be read. */
function keysSizeOf({ leaf }: ShownHead): number {
  try {
    return parseCheckpoint(parseNote(parseIndexLeaf(utf8.decode(leaf)).checkpoint).text).size;
  } catch (error) {
    if (error instanceof TlogError || error instanceof KeyDirectoryError) return Infinity;
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
