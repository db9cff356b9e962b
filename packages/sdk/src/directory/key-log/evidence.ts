/**
 * What somebody else can check without believing us or the server (docs/spec/14-proving-directory.md, "Evidence"): the
 * pinned log, what was known, and what was shown, byte for byte.
 */
import { parseAddress, ProtocolError, type CanonicalAddress } from '@latchkey/protocol';
import { limits, ROUTES, type ResponseOf } from '@latchkey/protocol/wire';
import { utf8 } from '@scure/base';
import * as v from 'valibot';
import {
  addressField,
  noteField,
  parseStored,
  secondsField,
  storable,
  textField,
  u32Field,
} from '../../account/stored-json.ts';
import { encodeRecordBody } from '../../sync/record-body.ts';
import type { RecordBody, RecordEdit, Space } from '../../sync/types.ts';
import { gossipEvidenceSchema } from '../gossip/gossip-evidence.ts';
import type { RawAnswer } from './ask-log.ts';
import { keptHeadSchema, type KeptHead } from './kept-head.ts';
import { logPinSchema, type LogPin } from './log-pin.ts';
import { tailEvidenceSchema } from '../tail/tail-evidence.ts';
import { formatStanding, type PinnedStanding } from './standing-record.ts';

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
export const PROVABLE: ReadonlySet<string> = new Set([
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

export interface EvidenceBody {
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
/** A sealed record is padded to at most an eighth more. */
const MAX_BODY_BYTES = Math.floor(limits.MAX_RECORD_BYTES / 1.2);

export const evidenceSchema: v.GenericSchema<unknown, EvidenceBody> = v.strictObject({
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

/** The vault's edit that keeps it; the first one of a kind about an address stays, unless a later one needs nobody's word. Null where nothing is provable. */
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
  // What no vault takes would stop the look that found it.
  if (encodeRecordBody(body).length > MAX_BODY_BYTES) return null;
  // What the log alone shows takes the place of what rests on this account's word.
  const isBetter = (current: RecordBody): boolean => (current['pinned'] ?? null) !== null && pinned === null;
  return { id, change: (current) => (current === null || isBetter(current) ? body : 'keep') };
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
    parseStored(evidenceSchema, body) ??
    parseStored(tailEvidenceSchema, body) ??
    parseStored(gossipEvidenceSchema, body);
  const address = read === null ? null : evidenceAddress(read.address);
  if (read === null || address === null) return null;
  const { rule, reason, seenSeconds } = read;
  return { rule, reason, address, seenSeconds };
}

export function evidenceAddress(text: string): CanonicalAddress | null {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
