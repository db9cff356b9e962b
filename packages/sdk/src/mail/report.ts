/** Disclosing one message to the operator: docs/spec/20-reports.md. */
import { paddedBodyBytes, parseRecipient, seal, type Recipient } from '@latchkey/crypto';
import { parseMessage } from '@latchkey/mime';
import { limits, ROUTES } from '@latchkey/protocol/wire';
import type { Client } from '../client/types.ts';
import { SdkError } from '../errors.ts';
import { formatEnvelope } from '../message/index.ts';
import { asciiBytes, concatBytes } from '../message/bytes.ts';
import { findReadable } from './find-record.ts';
import { openStored } from './open-stored.ts';
import type { TransferOptions } from './types.ts';
import { callOptions, patientWire } from './transfers/server-line.ts';

export type ReportReason = 'spam' | 'threat' | 'fraud' | 'other';

/** All that the operator will see, so that whoever reports can say yes to it. */
export interface PlannedReport {
  readonly from: string;
  /** Everybody whom the message names; the reporter is one of them as a rule. */
  readonly named: readonly string[];
  readonly dateSeconds: number;
  readonly subject: string | null;
  readonly text: string | null;
  /** How many there are; they are not disclosed. */
  readonly attachments: number;
  /** To whom it is sealed, `age1pq1…`: the key that the server names as its operator's. */
  readonly recipient: string;
  /** Leaves it with the server. May be called again after a cut: it is the same report. */
  send(this: void, options: SendReportOptions): Promise<void>;
}

export interface SendReportOptions extends TransferOptions {
  readonly reason: ReportReason;
  /** What the reporter wants to say besides; at most 1,000 characters. */
  readonly words: string | null;
}

const MAX_WORDS_CHARS = 1_000;

/**
 * One message that was received, and whose signature holds: without it a report would prove nothing.
 *
 * @throws SdkError `reports_closed` where the server names no key for reports; `sender_unverified`; `message_not_found`,
 *   `message_ambiguous`, `item_altered`, `item_withheld`; what the wire throws
 */
export async function planReport(
  client: Client,
  prefix: string,
  options: TransferOptions = {},
): Promise<PlannedReport> {
  const { message: record } = await findReadable(client, prefix);
  const wire = patientWire(client);
  const { abuse } = await wire.call(ROUTES.wellKnown, {});
  if (abuse === null) throw new SdkError('reports_closed', 'the server takes no reports');
  const recipient = parseRecipient(abuse);
  const { statement, note, mime, verdict } = await openStored(client, record, options);
  if (verdict.signature !== 'valid' || verdict.addressed === 'own_copy') {
    throw new SdkError('sender_unverified', 'nobody else has signed this message');
  }
  const { subject, text } = await parseMessage(mime);
  const report = client.host.engine.randomBytes(limits.ID_BYTES);
  return {
    from: statement.from.address,
    named: [...statement.to, ...statement.cc].map(({ address }) => address),
    dateSeconds: statement.dateSeconds,
    subject,
    text,
    attachments: statement.attachments.length,
    recipient: abuse,
    async send({ reason, words, ...sending }) {
      const plaintext = formatReport({ reason, words, note, mime });
      const sealed = await sealReport(client, recipient, plaintext);
      if (sealed.length > limits.MAX_REPORT_BYTES) {
        throw new SdkError('message_too_large', 'the message is larger than a report may be');
      }
      await wire.call(ROUTES.reportsAdd, { report, sealed }, callOptions(client, sending));
    },
  };
}

interface ReportParts extends Pick<SendReportOptions, 'reason' | 'words'> {
  readonly note: string;
  readonly mime: Uint8Array;
}

/** A mail file; its size says no more than that of the message did. The note of a key log stays behind. */
function formatReport({ reason, words, note, mime }: ReportParts): Uint8Array<ArrayBuffer> {
  const lines = ['Latchkey-Report: v1', `Latchkey-Reason: ${reason}`];
  if (words !== null && words !== '') {
    const said = words.toWellFormed();
    if (said.length > MAX_WORDS_CHARS) throw new SdkError('message_too_large', 'the words of a report are too long');
    lines.push(`Latchkey-Words: ${encodeURIComponent(said)}`);
  }
  const head = asciiBytes(`${lines.join('\r\n')}\r\n`);
  const whole = concatBytes(head, formatEnvelope({ note, checkpoint: null, mime }));
  const padded = new Uint8Array(paddedBodyBytes(whole.length)).fill(0x20);
  padded.set(whole);
  return padded;
}

async function sealReport(
  { host }: Client,
  recipient: Recipient,
  plaintext: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const sealed = await seal(host.engine, { recipients: [recipient], plaintext: once(plaintext) });
  const pieces: Uint8Array[] = [];
  for await (const piece of sealed) pieces.push(piece);
  return concatBytes(...pieces);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
