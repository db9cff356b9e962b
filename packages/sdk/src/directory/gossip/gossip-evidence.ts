/**
 * Two heads that one log has signed and that cannot both be true, for anybody to check
 * (docs/spec/14-proving-directory.md, "Evidence"). Nothing of the message that brought one of them is in it.
 */
import type { CanonicalAddress } from '@latchkey/protocol';
import { limits } from '@latchkey/protocol/wire';
import { utf8 } from '@scure/base';
import * as v from 'valibot';
import { addressField, secondsField, storable, textField } from '../../account/stored-json.ts';
import type { RecordBody, RecordEdit, Space } from '../../sync/types.ts';
import { logPinSchema, openLog, type LogEngine, type LogPin } from '../key-log/log-pin.ts';
import { contradict, verifySignedHead } from './signed-head.ts';

const GOSSIP_MISMATCH = 'gossip_mismatch';
const RULE = 6;

export interface GossipFinding {
  /** Whose message brought the other head; the own address where the server itself showed both. */
  readonly address: CanonicalAddress;
  readonly seenSeconds: number;
  readonly log: LogPin;
  /** Checkpoint notes: as shown to this account, and the other one. */
  readonly heads: readonly [string, string];
}

interface GossipBody {
  readonly kind: 'evidence';
  readonly v: 3;
  readonly rule: typeof RULE;
  readonly reason: typeof GOSSIP_MISMATCH;
  readonly address: string;
  readonly seenSeconds: number;
  readonly log: LogPin;
  readonly heads: readonly [string, string];
}

const note = textField(limits.MAX_LOG_ENTRY_CHARS);
export const gossipEvidenceSchema: v.GenericSchema<unknown, GossipBody> = v.strictObject({
  kind: v.literal('evidence'),
  v: v.literal(3),
  rule: v.literal(RULE),
  reason: v.literal(GOSSIP_MISMATCH),
  address: addressField,
  seenSeconds: secondsField,
  log: logPinSchema,
  heads: v.strictTuple([note, note]),
});

/** The vault's edit that keeps it; the first one about an address stays. */
export async function gossipEvidence(
  vault: Space,
  { address, ...finding }: GossipFinding,
): Promise<RecordEdit & { readonly id: Uint8Array }> {
  const id = await vault.nameRecord('evidence', utf8.decode(`${GOSSIP_MISMATCH} ${address}`));
  const body = storable({ kind: 'evidence', v: 3, rule: RULE, reason: GOSSIP_MISMATCH, address, ...finding });
  return { id, change: (current) => (current === null ? (body as RecordBody) : 'keep') };
}

/** Whether the log of this pin has signed both. That the pin is the log's is for the reader to know. @throws SdkError */
export async function verifyGossipEvidence(engine: LogEngine, { log, heads }: GossipBody): Promise<boolean> {
  const directory = openLog(engine, log);
  const one = await verifySignedHead(directory, heads[0]);
  const other = await verifySignedHead(directory, heads[1]);
  return one !== null && other !== null && contradict(one, other);
}
