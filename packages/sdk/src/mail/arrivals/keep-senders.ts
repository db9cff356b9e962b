/**
 * Identity statements of senders, once for each version (docs/spec/09-mail.md, "Sender record"): with them a message can
 * be verified and shown to others when no server is left.
 */
import type { Client } from '../../client/types.ts';
import type { VerifiedIdentity } from '../../signing/types.ts';
import type { RecordEdit } from '../../sync/types.ts';
import { writePatiently } from '../write-patiently.ts';

const VERSION = 1;

export async function keepSenders({ host, mailbox }: Client, senders: readonly VerifiedIdentity[]): Promise<void> {
  const edits: RecordEdit[] = [];
  for (const { hash, note, party } of new Set(senders)) {
    const id = await mailbox.nameRecord('sender', hash);
    if (edits.some((edit) => edit.id.every((byte, at) => byte === id[at]))) continue;
    if ((await mailbox.read(id)) !== null) continue;
    edits.push({
      id,
      knows: VERSION,
      change: (current) =>
        current === null
          ? { kind: 'sender', v: VERSION, address: party.address, version: party.version, note }
          : 'keep',
    });
  }
  if (edits.length > 0) await writePatiently(host, mailbox, edits);
}
