import { MAX_ATTACHMENTS, MAX_RECIPIENTS } from '../../limits.ts';
import { base64Field, hashField } from '../field/base64-field.ts';
import { timeField } from '../field/time-field.ts';
import { inconsistent } from '../inconsistent.ts';
import { numbered, one, optional, sorted } from '../line.ts';
import { partyShape, type Party } from '../party.ts';
import type { StatementSchema } from '../schema.ts';
import { only, orNone } from '../shape.ts';

/** Who wrote what to whom (docs/spec/02-statements.md, "Message"). */
export interface MessageStatement {
  readonly kind: 'latchkey/message/v1';
  /** 16 random bytes, a nonce: the message is the hash of this statement. */
  readonly id: Uint8Array;
  readonly item: Uint8Array;
  readonly from: Party;
  readonly to: readonly Party[];
  readonly cc: readonly Party[];
  /** 32 random bytes, or the root over the recipients that are not named. */
  readonly blind: Uint8Array;
  /** Since 1970-01-01T00:00:00Z. */
  readonly dateSeconds: number;
  readonly inReplyTo: Uint8Array | null;
  /** SHA-256 of the message/rfc822 bytes. */
  readonly body: Uint8Array;
  readonly checkpoint: Uint8Array | null;
  /** SHA-256 of the summary. */
  readonly summary: Uint8Array;
  /** Salted hashes of the attachments' manifests, in their order. */
  readonly attachments: readonly Uint8Array[];
}

export const messageSchema: StatementSchema<MessageStatement> = {
  kind: 'latchkey/message/v1',
  lines: {
    id: one('id', only(base64Field(16))),
    item: one('item', only(hashField)),
    from: one('from', partyShape),
    to: sorted('to', partyShape, MAX_RECIPIENTS),
    cc: sorted('cc', partyShape, MAX_RECIPIENTS),
    blind: one('blind', only(base64Field(32))),
    dateSeconds: one('date', only(timeField)),
    inReplyTo: optional('in-reply-to', only(hashField)),
    body: one('body', only(hashField)),
    checkpoint: one('checkpoint', orNone(hashField)),
    summary: one('summary', only(hashField)),
    attachments: numbered('attachment', only(hashField), MAX_ATTACHMENTS),
  },
  check: ({ to, cc }) => {
    const named = to.length + cc.length;
    if (named > MAX_RECIPIENTS) throw inconsistent(`more than ${MAX_RECIPIENTS} recipients`);
    const addresses = new Set([...to, ...cc].map(({ address }) => address));
    if (addresses.size < named) throw inconsistent('an address stands under to and under cc');
  },
};
