/**
 * What somebody else can check without believing us or the server (docs/spec/14-proving-directory.md, "Evidence"): the
 * pinned log, what was known, and what was shown, byte for byte.
 */
import { verifyHead, verifyLookup, type Refusal } from '@latchkey/key-directory/verify';
import { parseAddress, ProtocolError, type CanonicalAddress } from '@latchkey/protocol';
import { ROUTES, type ResponseOf } from '@latchkey/protocol/wire';
import { utf8 } from '@scure/base';
import * as v from 'valibot';
import {
  addressField,
  decodeStored,
  noteField,
  parseStored,
  secondsField,
  storable,
  textField,
  u32Field,
} from '../../account/stored-json.ts';
import { SdkError } from '../../errors.ts';
import type { RecordBody, RecordEdit, Space } from '../../sync/types.ts';
import { judgeHistory } from '../history/judge-history.ts';
import { gossipEvidenceSchema, verifyGossipEvidence } from '../gossip/gossip-evidence.ts';
import { headAnswer, lookupAnswer, type RawAnswer } from './ask-log.ts';
import { keptHeadSchema, type KeptHead } from './kept-head.ts';
import { logPinSchema, openLog, type LogEngine, type LogPin } from './log-pin.ts';
import { lookTimes, outsideWitnesses } from './outside-witnesses.ts';
import { judgeOwnHistory } from './own-history.ts';
import { tailEvidenceSchema, verifyTailEvidence } from '../tail/tail-evidence.ts';
import { shownStatements } from './shown-statements.ts';
import { formatStanding, knownOf, parseStanding, type PinnedStanding } from './standing-record.ts';

export interface Finding {
  readonly rule: number;
  readonly reason: string;
  readonly address: CanonicalAddress;
  readonly seenSeconds: number;
  readonly log: LogPin;
  readonly previous: KeptHead | null;
  /** Of somebody else; null where nothing was pinned, and of oneself. */
  readonly pinned: PinnedStanding | null;
  /** The own statements, oldest first; null for somebody else's address. */
  readonly own: readonly string[] | null;
  readonly raw: RawAnswer;
}

/**
 * What the operator's own signature stands under. Everything else may be a broken line as well, or somebody between:
 * it is refused, and proves nothing against anybody.
 */
const PROVABLE: ReadonlySet<string> = new Set([
  'index_forked',
  'keys_forked',
  'genesis_missing',
  'genesis_twice',
  'statement_malformed',
  'chain_broken',
  'version_unsigned',
  'ghost_version',
  'flag_mismatch',
  'reset_unsigned',
  'reset_unauthorised',
  'reset_vetoed',
  'reissue_as_rotation',
  'veto_invalid',
  'own_history_foreign',
  'own_address_reissued',
]);

type Answer = ResponseOf<(typeof ROUTES)['ktResolve']>;

interface EvidenceBody {
  readonly kind: 'evidence';
  readonly v: 1;
  readonly rule: number;
  readonly reason: string;
  readonly address: string;
  readonly seenSeconds: number;
  readonly log: LogPin;
  readonly previous: KeptHead | null;
  readonly pinned: RecordBody | null;
  readonly own: readonly string[] | null;
  readonly answer: Answer;
}

const MAX_OWN_NOTES = 64;

const schema: v.GenericSchema<unknown, EvidenceBody> = v.strictObject({
  kind: v.literal('evidence'),
  v: v.literal(1),
  rule: u32Field,
  reason: textField(64),
  address: addressField,
  seenSeconds: secondsField,
  log: logPinSchema,
  previous: v.nullable(keptHeadSchema),
  pinned: v.nullable(v.looseObject({ kind: textField(32), v: u32Field })),
  own: v.nullable(v.pipe(v.array(noteField), v.maxLength(MAX_OWN_NOTES))),
  answer: ROUTES.ktResolve.response,
});

/** The vault's edit that keeps it; the first one of a kind about an address stays. Null where nothing is provable. */
export async function keepEvidence(
  vault: Space,
  finding: Finding,
): Promise<(RecordEdit & { readonly id: Uint8Array }) | null> {
  const { raw, pinned, reason, address } = finding;
  if (!PROVABLE.has(reason) || raw.lookup === null) return null;
  const id = await vault.nameRecord('evidence', utf8.decode(`${reason} ${address}`));
  const answer: Answer = { head: raw.head, answers: [raw.lookup] };
  const { rule, seenSeconds, log, previous, own } = finding;
  const body = storable({
    kind: 'evidence',
    v: 1,
    rule,
    reason,
    address,
    seenSeconds,
    log,
    previous,
    pinned: pinned === null ? null : formatStanding(pinned),
    own: own?.slice(-MAX_OWN_NOTES) ?? null,
    answer,
  }) as RecordBody;
  return { id, change: (current) => (current === null ? body : 'keep') };
}

/** The file for somebody else: JSON, as the vault holds it. */
export function evidenceFile(body: RecordBody): Uint8Array {
  return utf8.decode(`${JSON.stringify(body, null, 2)}\n`);
}

export interface EvidenceFacts {
  readonly rule: number;
  readonly reason: string;
  readonly address: CanonicalAddress;
  readonly seenSeconds: number;
}

/** Null where the body is none that this version reads. */
export function evidenceFacts(body: RecordBody): EvidenceFacts | null {
  const read =
    parseStored(schema, body) ?? parseStored(tailEvidenceSchema, body) ?? parseStored(gossipEvidenceSchema, body);
  const address = read === null ? null : canonical(read.address);
  if (read === null || address === null) return null;
  const { rule, reason, seenSeconds } = read;
  return { rule, reason, address, seenSeconds };
}

export type EvidenceVerdict =
  | { readonly holds: true; readonly rule: number; readonly reason: string; readonly address: CanonicalAddress }
  | { readonly holds: false };

/**
 * Does it all again, from the file alone: whether the log of this pin has signed what the file says. That the pin is
 * the log's is for the reader to know.
 */
export async function verifyEvidence(engine: LogEngine, file: Uint8Array): Promise<EvidenceVerdict> {
  const tailed = decodeStored(tailEvidenceSchema, file);
  if (tailed !== null) return verifyTailed(engine, tailed);
  const gossiped = decodeStored(gossipEvidenceSchema, file);
  if (gossiped !== null) return verifyGossiped(engine, gossiped);
  const body = decodeStored(schema, file);
  const address = body === null ? null : canonical(body.address);
  if (body === null || address === null || !PROVABLE.has(body.reason)) return { holds: false };
  try {
    const found = await findAgain(engine, body, address);
    if (found?.rule !== body.rule || found.reason !== body.reason) return { holds: false };
    return { holds: true, rule: found.rule, reason: found.reason, address };
  } catch (error) {
    if (error instanceof SdkError) return { holds: false };
    throw error;
  }
}

async function verifyTailed(
  engine: LogEngine,
  body: NonNullable<Parameters<typeof verifyTailEvidence>[1]>,
): Promise<EvidenceVerdict> {
  const address = canonical(body.address);
  try {
    const reason = address === null ? null : await verifyTailEvidence(engine, body, address);
    return address === null || reason === null ? { holds: false } : { holds: true, rule: 7, reason, address };
  } catch (error) {
    if (error instanceof SdkError) return { holds: false };
    throw error;
  }
}

async function verifyGossiped(
  engine: LogEngine,
  body: NonNullable<Parameters<typeof verifyGossipEvidence>[1]>,
): Promise<EvidenceVerdict> {
  const address = canonical(body.address);
  try {
    const holds = address !== null && (await verifyGossipEvidence(engine, body));
    return holds ? { holds, rule: body.rule, reason: body.reason, address } : { holds };
  } catch (error) {
    if (error instanceof SdkError) return { holds: false };
    throw error;
  }
}

async function findAgain(
  engine: LogEngine,
  body: EvidenceBody,
  address: CanonicalAddress,
): Promise<{ readonly rule: number; readonly reason: string } | null> {
  const { log, previous, seenSeconds: nowSeconds, own } = body;
  const directory = openLog(engine, log);
  const head = await verifyHead(directory, headAnswer(body.answer.head), { previous, nowSeconds });
  if (head.refused) return head;
  const times = lookTimes(outsideWitnesses(directory, head).seconds, nowSeconds);
  const [lookup] = body.answer.answers;
  if (lookup === undefined) return null;
  const pinned = body.pinned === null ? null : await parseStanding(engine, address, body.pinned);
  if (body.pinned !== null && pinned === null) return null;
  const known = pinned === null ? null : knownOf(pinned);
  const found: Refusal | ReturnType<typeof verifyLookup> = verifyLookup(
    head,
    { label: address, known },
    lookupAnswer(lookup),
  );
  if (found.refused) return found;
  if (!found.found) return null;
  const shown = shownStatements(found);
  if (own !== null) {
    const verdict = await judgeOwnHistory(engine, { address, shown, own, nowSeconds });
    return verdict.taken ? null : verdict;
  }
  const standing = pinned?.standing ?? null;
  const verdict = await judgeHistory(engine, { address, standing, shown, ...times });
  return verdict.taken ? null : { rule: 4, reason: verdict.reason };
}

function canonical(text: string): CanonicalAddress | null {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
