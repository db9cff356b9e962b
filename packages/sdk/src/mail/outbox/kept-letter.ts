/** Where a letter lies: in the outbox record, or, where it is too large, under a hold as an age file. */
import { open, parseIdentity, parseRecipient, seal } from '@latchkey/crypto';
import type { Client } from '../../client/types.ts';
import { SdkError } from '../../errors.ts';
import { equalBytes } from '../../signing/equal-bytes.ts';
import { joinBytes } from '../../sync/byte-fields.ts';
import { onePiece } from '../one-piece.ts';
import { blobReader } from '../transfers/blob-reader.ts';
import { uploadItem } from '../transfers/upload-item.ts';
import type { TransferOptions } from '../types.ts';
import { decodeLetter, encodeLetter, type Letter } from './letter.ts';
import { beginEntry, changeEntry, type OutboxEntry } from './outbox-entry.ts';
import { LETTER_IN_RECORD_BYTES, type OutboxRecord } from './outbox-record.ts';

type Options = Pick<TransferOptions, 'signal'>;

/** Writes the outbox record of a letter: from here on another process can go on with it. */
export async function keepLetter(
  client: Client,
  { letter, subject, step }: { readonly letter: Letter; readonly subject: string; readonly step: 'uploading' | 'held' },
  options: Options,
): Promise<OutboxEntry> {
  const { engine } = client.host;
  const bytes = encodeLetter(letter);
  const id = engine.randomBytes(16);
  const record: Omit<OutboxRecord, 'step' | 'letter'> = {
    run: engine.randomBytes(16),
    subject: subject.slice(0, 4_096),
    recipients: letter.recipients.map(({ address }) => address),
    own: { message: engine.randomBytes(16), keyList: engine.randomBytes(16) },
    abandoned: [],
    outcomes: [],
  };
  if (bytes.length <= LETTER_IN_RECORD_BYTES) {
    return beginEntry(client, { id, record: { ...record, step, letter: { in: 'record', bytes } } });
  }
  const file = await sealToOwner(client, bytes);
  const place = { hold: engine.randomBytes(16), sizeBytes: file.length };
  // The hold is named before it is there: whatever happens, somebody knows of it.
  const entry = await beginEntry(client, {
    id,
    record: { ...record, step: 'writing', letter: { in: 'hold', ...place, hash: await engine.sha256(file) } },
  });
  await uploadItem(client, { ...place, pieces: () => onePiece(file) }, options);
  return changeEntry(client, entry, { to: { step } });
}

/** @throws SdkError `item_altered`, `item_withheld`; what the wire throws */
export async function loadLetter(client: Client, { letter }: OutboxRecord, options: Options): Promise<Letter> {
  const bytes = letter.in === 'record' ? letter.bytes : await readFromHold(client, letter, options);
  const decoded = decodeLetter(bytes);
  if (decoded === null) throw new SdkError('item_altered', 'a message in the outbox cannot be read');
  return decoded;
}

async function sealToOwner({ host, keys }: Client, bytes: Uint8Array): Promise<Uint8Array> {
  const recipients = [parseRecipient(keys.newest.identity.statement.seal)];
  const file = await seal(host.engine, { recipients, plaintext: onePiece(bytes), cipher: host.chunks });
  return wholeOf(file);
}

async function readFromHold(
  client: Client,
  { hold, sizeBytes, hash }: Extract<OutboxRecord['letter'], { in: 'hold' }>,
  options: Options,
): Promise<Uint8Array> {
  const { host, keys } = client;
  const file = await blobReader(client, { hold }, { sizeBytes, ...options }).readAt(0, sizeBytes);
  // A file that opens proves nothing about who sealed it: the record says which one the owner did.
  if (!equalBytes(await host.engine.sha256(file), hash)) {
    throw new SdkError('item_altered', 'a message in the outbox is not the one that was put there');
  }
  const identities = keys.all.map(({ sealIdentity }) => parseIdentity(sealIdentity));
  const opened = await open(host.engine, { source: onePiece(file), identities, cipher: host.chunks });
  for (const { secret } of identities) secret.fill(0);
  if (opened === null) throw new SdkError('item_altered', 'a message in the outbox is not sealed to its owner');
  return wholeOf(opened.plaintext);
}

async function wholeOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return joinBytes(...all);
}
