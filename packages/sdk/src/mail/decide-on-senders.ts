import { canonicalAddress, type CanonicalAddress } from '@latchkey/protocol';
import { utf8 } from '@scure/base';
import type { Client } from '../client/types.ts';
import type { RecordEdit } from '../sync/types.ts';
import {
  CORRESPONDENT_VERSION,
  correspondentRecordBody,
  parseCorrespondentRecord,
  type Decision,
} from './records/correspondent-record.ts';
import { writePatiently } from './write-patiently.ts';

export interface Decided {
  readonly address: CanonicalAddress;
  /** What it was before: deciding so again undoes this. */
  readonly before: Decision;
}

/**
 * Whether mail of these people comes into the inbox from now on, what lies there already too. Nobody is told: neither they
 * nor the server learn what was decided.
 *
 * @throws ProtocolError `address_malformed` and the like; what writing throws
 */
export async function decideOnSenders(
  { host, mailbox }: Client,
  addresses: readonly string[],
  decision: Decision,
): Promise<readonly Decided[]> {
  const before = new Map<CanonicalAddress, Decision>();
  const wanted = [...new Set(addresses.map((address) => canonicalAddress(address)))];
  const edits = wanted.map(async (address): Promise<RecordEdit> => ({
    id: await mailbox.nameRecord('correspondent', utf8.decode(address)),
    knows: CORRESPONDENT_VERSION,
    change(current) {
      before.set(address, (current === null ? null : parseCorrespondentRecord(current))?.decision ?? 'undecided');
      return correspondentRecordBody({ address, decision });
    },
  }));
  await writePatiently(host, mailbox, await Promise.all(edits));
  return wanted.map((address) => ({ address, before: before.get(address) ?? 'undecided' }));
}
