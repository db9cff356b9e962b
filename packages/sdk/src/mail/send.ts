/** Sending a message: the main flow (docs/spec/09-mail.md, "Sending"). */
import type { Client } from '../client/types.ts';
import { carryLetter, type LetterToCarry } from './outbox/carry-letter.ts';
import { writeLetter, type SourcedAttachment } from './outbox/write-letter.ts';
import { forwardedParts } from './forwarded.ts';
import { repliedParts } from './replied.ts';
import { resolveRecipients } from './resolve-recipients.ts';
import { transferReport } from './transfers/transfer-report.ts';
import type { Draft, SendOptions, Sent } from './types.ts';

/**
 * Resolve everybody → write and sign → upload → deliver → file the own copy.
 *
 * What is cut, killed or stopped stays in the outbox, and `resumeOutbox` goes on with it. What is refused is taken back
 * before this throws.
 *
 * @throws RecipientsRefusedError; SdkError `recipients_missing`, `recipients_too_many`, `message_too_large`,
 *   `attachment_changed`, `message_not_found`, `stopped`; ProtocolError and MimeError for what no message can say; what
 *   the wire throws
 */
export async function send(client: Client, draft: Draft, options: SendOptions = {}): Promise<Sent> {
  const report = transferReport(options);
  const all = { ...options, report };
  report.begin('resolving', null);
  const replied = draft.replyTo === undefined ? null : await repliedParts(client, draft.replyTo, options);
  const forwarded = draft.forward === undefined ? null : await forwardedParts(client, draft.forward, options);
  const { recipients, refused } = await resolveRecipients(client, addressed(draft, replied?.sender ?? null), options);

  const own = draft.attachments.map((each): SourcedAttachment => ({
    ...each,
    again: { from: 'draft', identity: each.identity },
  }));
  const written = await writeLetter(
    client,
    {
      recipients,
      subject: draft.subject === '' ? (replied?.subject ?? forwarded?.subject ?? '') : draft.subject,
      text: draft.text,
      ...(draft.html === undefined ? {} : { html: draft.html }),
      inReplyTo: replied?.message ?? null,
      attachments: [...own, ...(forwarded?.attachments ?? [])],
    },
    all,
  );
  const sources = [...own, ...(forwarded?.attachments ?? [])];
  const job: LetterToCarry = {
    ...written,
    known: new Map(recipients.map(({ identity }) => [identity.party.address, identity])),
    readAgain: async (_attachment, index) => {
      const source = sources[index]?.source;
      return source === undefined ? null : () => source.stream();
    },
    resumed: false,
  };
  const sent = await carryLetter(client, job, all);
  if (sent === null) throw new RangeError('an attachment of the draft was lost');
  return { ...sent, recipients: [...sent.recipients, ...refused.map((each) => ({ ...each, firstUse: false }))] };
}

/** An answer without an address goes to whoever wrote. */
function addressed({ to, cc, bcc }: Draft, sender: string | null): Pick<Draft, 'to' | 'cc' | 'bcc'> {
  const nobody = to.length + cc.length + bcc.length === 0;
  return { to: nobody && sender !== null ? [sender] : to, cc, bcc };
}
