import { parseRecipient, sealHeader } from '@latchkey/crypto';
import { hex } from '@scure/base';
import type { Client } from '../../client/types.ts';
import { refuseWhenStopped } from '../../by-hand/watch-source.ts';
import { SdkError } from '../../errors.ts';
import { measureAttachment, sealMessage, type RepliedMessage, type SealedMessage } from '../../message/index.ts';
import type { TransferReport } from '../transfers/transfer-report.ts';
import type { CarryOptions, DraftAttachment, TransferOptions } from '../types.ts';
import type { ResolvedRecipient } from '../resolve-recipients.ts';
import { keepLetter } from './kept-letter.ts';
import { ownEntryOf, type Letter, type LetterAttachment, type LetterSource } from './letter.ts';
import type { OutboxEntry } from './outbox-entry.ts';

/** An attachment, and how to find its bytes again in another run. */
export interface SourcedAttachment extends DraftAttachment {
  readonly again: LetterSource;
}

export interface LetterRequest {
  readonly recipients: readonly ResolvedRecipient[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly inReplyTo: RepliedMessage | null;
  readonly attachments: readonly SourcedAttachment[];
}

export interface WrittenLetter {
  readonly entry: OutboxEntry;
  readonly letter: Letter;
  readonly sealed: SealedMessage;
}

/** A message, its key list and its attachments are the items of one arrival. */
const MOST_ATTACHMENTS = 256;

/** Measure the attachments → sign the message → write all of it into the outbox. Nothing has been uploaded then. */
export async function writeLetter(
  client: Client,
  request: LetterRequest,
  options: CarryOptions & { readonly report: TransferReport },
): Promise<WrittenLetter> {
  const { host, keys, directory } = client;
  const { engine } = host;
  const { recipients, subject, text, html, inReplyTo } = request;
  if (request.attachments.length > MOST_ATTACHMENTS) {
    throw new SdkError('message_too_large', `a message has at most ${MOST_ATTACHMENTS} attachments`);
  }
  const attachments = await measureAll(client, request.attachments, options);
  const inRole = (role: ResolvedRecipient['role']): ResolvedRecipient['identity'][] =>
    recipients.filter((each) => each.role === role).map(({ identity }) => identity);
  const sealed = await sealMessage(host, {
    sender: keys.newest,
    to: inRole('to'),
    cc: inRole('cc'),
    bcc: inRole('bcc'),
    subject,
    text,
    ...(html === undefined ? {} : { html }),
    dateSeconds: Math.floor(host.clock.nowMs() / 1_000),
    inReplyTo,
    attachments: attachments.map(({ entry }) => entry),
    checkpoint: await directory.hourHead(),
  });
  const { keyList, ...written } = sealed.written;
  const letter: Letter = {
    written,
    keyListKey: keyList?.key ?? null,
    holds: { message: engine.randomBytes(16), keyList: keyList === null ? null : engine.randomBytes(16) },
    recipients: recipients.map(({ role, identity, firstUse }) => ({
      role,
      address: identity.party.address,
      identity: identity.hash,
      arrival: engine.randomBytes(16),
      firstUse,
    })),
    attachments,
  };
  // With attachments each step is written down anyhow.
  const step = options.hold === undefined || attachments.length > 0 ? 'uploading' : 'held';
  const entry = await keepLetter(client, { letter, subject, step }, options);
  await options.onKept?.(hex.encode(entry.id));
  return { entry, letter, sealed };
}

/** Reads every attachment twice: for the recipients' payload and for the own copy's, which share nothing. */
async function measureAll(
  client: Client,
  attachments: readonly SourcedAttachment[],
  { report, signal }: TransferOptions & { readonly report: TransferReport },
): Promise<LetterAttachment[]> {
  const { host, keys } = client;
  const { engine } = host;
  if (attachments.length > 0) {
    report.begin('sealing', 2 * attachments.reduce((sum, { source }) => sum + sizeOf(source), 0));
  }
  const measured: LetterAttachment[] = [];
  for (const [place, { name, type, source, again }] of attachments.entries()) {
    const measure = async (item: number): ReturnType<typeof measureAttachment> => {
      const read = (): AsyncIterable<Uint8Array> =>
        watched(source.stream(), { signal, reached: (bytes) => report.reached(item, bytes) });
      return measureAttachment(host, { sender: keys.newest, name, type, sizeBytes: sizeOf(source), read });
    };
    const entry = await measure(2 * place);
    const ownEntry = ownEntryOf(await measure(2 * place + 1), entry);
    const recipients = [parseRecipient(keys.newest.identity.statement.seal)];
    const header = await sealHeader(engine, { fileKey: ownEntry.key.fileKey, recipients, wrappedBefore: [] });
    const own = { entry: ownEntry, header, hold: engine.randomBytes(16) };
    measured.push({ entry, hold: engine.randomBytes(16), own, source: again });
  }
  return measured;
}

/** Passes a stream on, tells how far it is, and ends it when the signal is up. */
export async function* watched(
  stream: AsyncIterable<Uint8Array>,
  { signal, reached }: { signal: TransferOptions['signal']; reached: (doneBytes: number) => void },
): AsyncGenerator<Uint8Array, void, undefined> {
  let doneBytes = 0;
  for await (const piece of stream) {
    refuseWhenStopped(signal);
    yield piece;
    doneBytes += piece.length;
    reached(doneBytes);
  }
}

function sizeOf({ sizeBytes }: DraftAttachment['source']): number {
  if (sizeBytes === null) throw new RangeError('an attachment needs a size that is known before');
  return sizeBytes;
}
