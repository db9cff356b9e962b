/** Whether a file of evidence bears out what it says (docs/spec/14-proving-directory.md, "Evidence"). */
import {
  verifyHead,
  verifyLookup,
  type Directory as KeyDirectory,
  type DirectoryLog,
} from '@latchkey/key-directory/verify';
import { KeyDirectoryError, parseIndexLeaf } from '@latchkey/key-directory';
import type { CanonicalAddress } from '@latchkey/protocol';
import {
  evaluatePolicy,
  leafHash,
  parseCheckpoint,
  parseNote,
  TlogError,
  verifyInclusion,
  type Checkpoint,
} from '@latchkey/tlog';
import { utf8 } from '@scure/base';
import { decodeStored } from '../../account/stored-json.ts';
import { SdkError } from '../../errors.ts';
import { equalBytes } from '../../signing/equal-bytes.ts';
import { gossipEvidenceSchema, verifyGossipEvidence } from '../gossip/gossip-evidence.ts';
import { judgeHistory } from '../history/judge-history.ts';
import { tailEvidenceSchema, verifyTailEvidence } from '../tail/tail-evidence.ts';
import { headAnswer, lookupAnswer } from './ask-log.ts';
import { evidenceAddress, evidenceSchema, PROVABLE, type EvidenceBody } from './evidence.ts';
import type { KeptHead } from './kept-head.ts';
import { openLog, type LogEngine, type LogPin } from './log-pin.ts';
import { lookTimes, outsideWitnesses } from './outside-witnesses.ts';
import { judgeOwnHistory } from './own-history.ts';
import { shownStatements } from './shown-statements.ts';
import { knownOf, parseStanding } from './standing-record.ts';

/**
 * Who says so. `log`: signatures of the log alone contradict each other, or the rules. `account`: only together with what
 * the account says that it knew before, or that it is its own: of that the log has signed nothing in the file, and an
 * account may invent it.
 */
export type ShownBy = 'log' | 'account';

export type EvidenceVerdict =
  | {
      readonly holds: true;
      readonly rule: number;
      readonly reason: string;
      readonly address: CanonicalAddress;
      readonly shownBy: ShownBy;
      /** Of the index log: it commits to all keys that the file names. That they are the server's is for the reader. */
      readonly origin: string;
    }
  /** `lacksLeaves`: it was written on a device that had not the log's entries, and cannot be checked without them. */
  | { readonly holds: false; readonly lacksLeaves?: true };

interface Found {
  readonly rule: number;
  readonly reason: string;
  readonly shownBy: ShownBy;
}

/**
 * Does it all again, from the file alone: whether the log of this pin has signed what the file says. That the pin is
 * the log's is for the reader to know.
 */
export async function verifyEvidence(engine: LogEngine, file: Uint8Array): Promise<EvidenceVerdict> {
  try {
    const read = readFile(engine, file);
    const address = read === null ? null : evidenceAddress(read.body.address);
    if (read === null || address === null) return { holds: false };
    if (read.lacksLeaves === true) return { holds: false, lacksLeaves: true };
    const directory = openLog(engine, read.body.log);
    const found = await read.find(directory, address);
    const { rule, reason } = read.body;
    if (found?.rule !== rule || found.reason !== reason) return { holds: false };
    return { holds: true, rule, reason, address, shownBy: found.shownBy, origin: directory.index.origin };
  } catch (error) {
    if (error instanceof SdkError) return { holds: false };
    throw error;
  }
}

interface ReadFile {
  readonly body: {
    readonly rule: number;
    readonly reason: string;
    readonly address: string;
    readonly log: LogPin;
  };
  readonly lacksLeaves?: boolean;
  readonly find: (directory: KeyDirectory, address: CanonicalAddress) => Promise<Found | null>;
}

function readFile(engine: LogEngine, file: Uint8Array): ReadFile | null {
  const tailed = decodeStored(tailEvidenceSchema, file);
  if (tailed !== null) {
    const find: ReadFile['find'] = async (_directory, address) => {
      const reason = await verifyTailEvidence(engine, tailed, address);
      return reason === null ? null : { rule: 7, reason, shownBy: 'log' };
    };
    const { found } = tailed;
    return { body: tailed, lacksLeaves: found.what === 'false_head' && found.leaves === null, find };
  }
  const gossiped = decodeStored(gossipEvidenceSchema, file);
  if (gossiped !== null) {
    const { rule, reason } = gossiped;
    const find: ReadFile['find'] = async () =>
      (await verifyGossipEvidence(engine, gossiped)) ? { rule, reason, shownBy: 'log' } : null;
    return { body: gossiped, find };
  }
  const body = decodeStored(evidenceSchema, file);
  if (body === null || !PROVABLE.has(body.reason)) return null;
  return { body, find: (directory, address) => findAgain(engine, body, { directory, address }) };
}

async function findAgain(
  engine: LogEngine,
  body: EvidenceBody,
  { directory, address }: { readonly directory: KeyDirectory; readonly address: CanonicalAddress },
): Promise<Found | null> {
  const { previous, seenSeconds: nowSeconds, own } = body;
  const head = await verifyHead(directory, headAnswer(body.answer.head), { previous, nowSeconds });
  if (head.refused) {
    const isProved = previous !== null && (await isShownHead(directory, previous, head.reason));
    return isProved ? { rule: head.rule, reason: head.reason, shownBy: 'log' } : null;
  }
  const times = lookTimes(outsideWitnesses(directory, head).seconds, nowSeconds);
  const [lookup] = body.answer.answers;
  if (lookup === undefined) return null;
  const pinned = body.pinned === null ? null : await parseStanding(engine, address, body.pinned);
  if (body.pinned !== null && pinned === null) return null;
  // An index that whoever wrote this has noted proves nothing to others.
  const known = pinned === null ? null : knownOf({ ...pinned, index: null });
  const found = verifyLookup(head, { label: address, known }, lookupAnswer(lookup));
  if (found.refused) return { rule: found.rule, reason: found.reason, shownBy: 'log' };
  if (!found.found) return null;
  const shown = shownStatements(found);
  if (own !== null) {
    const verdict = await judgeOwnHistory(engine, { address, shown, own, nowSeconds });
    if (verdict.taken) return null;
    // Whose the address is no signature in the file says; that a history is none, it does.
    const alone = await judgeHistory(engine, { address, standing: null, shown, ...times });
    return { rule: verdict.rule, reason: verdict.reason, shownBy: alone.taken ? 'account' : 'log' };
  }
  const standing = pinned?.standing ?? null;
  const verdict = await judgeHistory(engine, { address, standing, shown, ...times });
  if (verdict.taken) return null;
  return { rule: 4, reason: verdict.reason, shownBy: pinned === null ? 'log' : 'account' };
}

/**
 * Whether the log has signed the head that the file says was kept before, as far as the reason needs it. Not whether
 * witnesses have: it is the log that would contradict itself.
 */
async function isShownHead(directory: KeyDirectory, previous: KeptHead, reason: string): Promise<boolean> {
  try {
    const index = await signedByLog(directory, directory.index, utf8.decode(previous.checkpoint));
    if (index === null || !isTree(index, previous.index)) return false;
    if (reason === 'index_forked') return true;
    const bytes = utf8.decode(previous.leaf);
    const keys = await signedByLog(directory, directory.keys, parseIndexLeaf(bytes).checkpoint);
    if (keys === null || !isTree(keys, previous.keys) || previous.inclusion === undefined) return false;
    const last = { index: index.size - 1, size: index.size, root: index.rootHash, leafHash: leafHash(bytes) };
    return verifyInclusion({ ...last, proof: previous.inclusion });
  } catch (error) {
    if (error instanceof TlogError || error instanceof KeyDirectoryError) return false;
    throw error;
  }
}

async function signedByLog(
  { verifySignature }: KeyDirectory,
  { origin, policy }: DirectoryLog,
  bytes: Uint8Array,
): Promise<Checkpoint | null> {
  const note = parseNote(bytes);
  const verdict = await evaluatePolicy(policy, { note, verifySignature, origin, logKeys: 'all' });
  if (!verdict.satisfied && verdict.reason !== 'quorum_missing') return null;
  return parseCheckpoint(note.text);
}

function isTree({ size, rootHash }: Checkpoint, tree: KeptHead['index']): boolean {
  return size === tree.size && equalBytes(rootHash, tree.rootHash);
}
