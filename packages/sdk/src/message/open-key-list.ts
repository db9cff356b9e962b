/** Opening the key list: every entry is the one that the statement commits to, or none is given. */
import type { Engine, PayloadReader } from '@latchkey/crypto';
import type { FileStatement, MessageStatement, Party } from '@latchkey/protocol';
import { equalBytes } from '../signing/equal-bytes.ts';
import { identityKeys } from '../signing/identity.ts';
import { isSignedBy, parseSigned } from '../signing/signed-statement.ts';
import type { OwnKeys, VerifiedIdentity } from '../signing/types.ts';
import { altered, itemKeyFor, type MessageHost } from './item-key.ts';
import { attachmentHash, decodeKeyList, MAX_KEY_LIST_BYTES } from './key-list.ts';
import { NO_PLACE, partCountOf } from './manifest.ts';
import { alteredIfBroken, unwrapFor } from './open-first-chunk.ts';
import { openWhole } from './payload.ts';
import type { AttachmentEntry } from './types.ts';

export interface KeyListSource {
  readonly header: Uint8Array;
  readonly payload: PayloadReader;
}

export interface KeyListReader {
  readonly own: OwnKeys;
  /** Of the message that the key list came with. */
  readonly statement: MessageStatement;
  /** As its verdict names it; null where nobody knows the sender, and manifests stay unverified like the message. */
  readonly sender: VerifiedIdentity | null;
}

/**
 * In the order of the statement. Null where the list is sealed to none of the own identities.
 *
 * @throws SdkError `item_altered`
 */
export async function openKeyList(
  host: MessageHost,
  source: KeyListSource,
  { own, statement, sender }: KeyListReader,
): Promise<readonly AttachmentEntry[] | null> {
  const { engine } = host;
  const fileKey = await unwrapFor(engine, source.header, own);
  if (fileKey === null) return null;
  const plaintext = await alteredIfBroken(
    openWhole(host, { fileKey, reader: source.payload, maxBytes: MAX_KEY_LIST_BYTES }),
  ).finally(() => fileKey.fill(0));
  const entries = decodeKeyList(plaintext);
  plaintext.fill(0);
  if (entries.length !== statement.attachments.length) throw altered('it lists another number of attachments');
  for (const [index, entry] of entries.entries()) {
    const stated = statement.attachments[index];
    if (stated === undefined || !equalBytes(await attachmentHash(engine, entry), stated)) {
      throw altered('an attachment is not the one of the message');
    }
    await requireManifests(engine, entry, { from: statement.from, sender });
  }
  return entries;
}

interface Signer {
  readonly from: Party;
  readonly sender: VerifiedIdentity | null;
}

async function requireManifests(engine: Engine, entry: AttachmentEntry, signer: Signer): Promise<void> {
  const own = await manifestBy(engine, entry.manifest, signer);
  await itemKeyFor(engine, { ...entry.key, item: own.item });
  if (own.parts.length !== partCountOf(own.sizeBytes)) throw altered('the parts of a manifest do not cover its size');
  if (entry.stated === undefined) return;
  const sent = await manifestBy(engine, entry.stated.manifest, signer);
  const same = own.name === sent.name && own.type === sent.type && own.sizeBytes === sent.sizeBytes;
  if (!same) throw altered('a copy is of another file');
}

async function manifestBy(engine: Engine, manifest: string, { from, sender }: Signer): Promise<FileStatement> {
  const signed = parseSigned('latchkey/file/v1', manifest);
  const { by, space, record, version } = signed.statement;
  const sameParty = by.address === from.address && equalBytes(by.identity, from.identity);
  const isAttachment = version === 0 && equalBytes(space, NO_PLACE) && equalBytes(record, NO_PLACE);
  if (!sameParty || !isAttachment) throw altered('a manifest is of another sender or no attachment');
  if (sender !== null && !(await isSignedBy(engine, signed, identityKeys(sender.statement)))) {
    throw altered('a manifest is not signed');
  }
  return signed.statement;
}
