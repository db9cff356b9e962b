/**
 * Sealing an attachment in two passes: the first makes the manifest, the second gives the payload and compares it part
 * by part, so that a file that changed meanwhile is never sealed under the old key (docs/spec/08-message.md,
 * "Attachments").
 */
import { NONCE_BYTES, paddedBodyBytes, payloadSizeOf, type HashedBytes } from '@latchkey/crypto';
import { giveBack } from '../by-hand/give-back.ts';
import { SdkError } from '../errors.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { parseSigned } from '../signing/signed-statement.ts';
import type { OwnIdentity } from '../signing/types.ts';
import { hashGivenUp } from './hash-given-up.ts';
import { newItemKey, type MessageHost } from './item-key.ts';
import { entryOf } from './key-list.ts';
import { PART_BYTES, signManifest } from './manifest.ts';
import { payloadPieces } from './payload.ts';
import type { AttachmentEntry, ItemKey, ManifestClaim } from './types.ts';

export interface AttachmentRequest {
  readonly sender: OwnIdentity;
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly read: () => AsyncIterable<Uint8Array>;
  /** For one's own copy: the entry that was sent. */
  readonly stated?: ManifestClaim;
}

/**
 * A fresh key, the hashes of the parts, and the signed manifest.
 *
 * @throws SdkError `attachment_changed` where the bytes are not as many as said
 */
export async function measureAttachment(host: MessageHost, request: AttachmentRequest): Promise<AttachmentEntry> {
  const { sender, name, type, sizeBytes, read, stated } = request;
  const key = await newItemKey(host.engine);
  const parts: Uint8Array[] = [];
  for await (const { hash } of payloadParts(host, key, { sizeBytes, read })) parts.push(hash);
  const claim = await signManifest(host.engine, sender, { key, name, type, sizeBytes, parts });
  return entryOf({
    fileKey: key.fileKey,
    ...claim,
    stated: stated === undefined ? null : { salt: stated.salt, manifest: stated.manifest },
  });
}

/**
 * Nonce and chunks, the same bytes on every call. A part comes out only when it is the one that was measured, in memory
 * that is used again when the next one is asked for.
 *
 * @throws SdkError `attachment_changed`
 */
export async function* attachmentPayload(
  host: MessageHost,
  entry: AttachmentEntry,
  read: () => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { statement } = parseSigned('latchkey/file/v1', entry.manifest);
  let index = 0;
  yield Uint8Array.from(entry.key.nonce);
  for await (const { hash, bytes } of payloadParts(host, entry.key, { sizeBytes: entry.sizeBytes, read })) {
    const measured = statement.parts[index];
    if (measured === undefined || !equalBytes(hash, measured)) throw changed();
    yield bytes;
    index += 1;
  }
}

interface Plain {
  readonly sizeBytes: number;
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** The chunks of a payload in parts with their hashes, each in the same memory; the last one may be shorter. Without the nonce. */
async function* payloadParts(
  host: MessageHost,
  key: ItemKey,
  plain: Plain,
): AsyncGenerator<HashedBytes, void, undefined> {
  let part = new Uint8Array(Math.min(PART_BYTES, payloadSizeOf(paddedBodyBytes(plain.sizeBytes))));
  let filled = 0;
  let nonceLeft = NONCE_BYTES;
  for await (const piece of payloadPieces(host, key, paddedPlaintext(plain))) {
    let rest = piece.subarray(nonceLeft);
    nonceLeft -= piece.length - rest.length;
    while (rest.length > 0) {
      const taken = rest.subarray(0, PART_BYTES - filled);
      part.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
      if (filled < PART_BYTES) continue;
      const hashed = await hashGivenUp(host, part);
      part = hashed.bytes;
      yield hashed;
      filled = 0;
    }
    giveBack(piece);
  }
  if (filled > 0) yield hashGivenUp(host, part.subarray(0, filled));
}

const ZEROS: Uint8Array = new Uint8Array(65_536);

async function* paddedPlaintext({ sizeBytes, read }: Plain): AsyncGenerator<Uint8Array, void, undefined> {
  let given = 0;
  for await (const piece of read()) {
    given += piece.length;
    if (given > sizeBytes) throw changed();
    yield piece;
  }
  if (given !== sizeBytes) throw changed();
  for (let left = paddedBodyBytes(sizeBytes) - sizeBytes; left > 0; left -= ZEROS.length) {
    yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
  }
}

function changed(): SdkError {
  return new SdkError('attachment_changed', 'the file changed while it was being sealed');
}
