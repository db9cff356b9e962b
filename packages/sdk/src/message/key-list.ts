/** The item that holds keys and manifests of the attachments (docs/spec/08-message.md, "Key list"). */
import { FILE_KEY_BYTES, LABELS, paddedBodyBytes, type Engine } from '@latchkey/crypto';
import { MAX_ATTACHMENTS } from '@latchkey/protocol';
import { base64urlnopad, utf8 } from '@scure/base';
import * as v from 'valibot';
import { parseSigned } from '../signing/signed-statement.ts';
import { concatBytes } from './bytes.ts';
import { altered } from './item-key.ts';
import { paddedPayloadBytes } from './manifest.ts';
import type { AttachmentEntry, ManifestClaim } from './types.ts';

export const MAX_KEY_LIST_BYTES: number = 32 * 1024 * 1024;
/** 16,384 parts take about 900 kB. */
const MAX_MANIFEST_CHARS = 1_048_576;
const SALT_BYTES = 32;

/** Whether it is base64url shows when it is decoded. */
const bytesField = (lengthBytes: number) => v.pipe(v.string(), v.length(Math.ceil((lengthBytes * 4) / 3)));
const claimFields = { salt: bytesField(SALT_BYTES), manifest: v.pipe(v.string(), v.maxLength(MAX_MANIFEST_CHARS)) };
const keyListSchema = v.strictObject({
  kind: v.literal('key-list'),
  v: v.literal(1),
  attachments: v.pipe(
    v.array(
      v.strictObject({
        key: bytesField(FILE_KEY_BYTES),
        ...claimFields,
        stated: v.optional(v.strictObject(claimFields)),
      }),
    ),
    v.minLength(1),
    v.maxLength(MAX_ATTACHMENTS),
  ),
});

/** What the statement says of an attachment: SHA-256(label ‖ salt ‖ manifest). */
export async function attachmentHash(engine: Engine, entry: AttachmentEntry): Promise<Uint8Array> {
  const { salt, manifest } = entry.stated ?? entry;
  return engine.sha256(concatBytes(LABELS.attachment.bytes, salt, utf8.decode(manifest)));
}

/** The plaintext of a key list, padded. */
export function encodeKeyList(attachments: readonly AttachmentEntry[]): Uint8Array<ArrayBuffer> {
  const json = utf8.decode(formatKeyList(attachments));
  const padded = new Uint8Array(paddedBodyBytes(json.length));
  padded.set(json);
  return padded;
}

/**
 * Whether the manifests are signed, and are those of the statement, is not known yet.
 *
 * @throws SdkError `item_altered` for anything that `encodeKeyList` does not write
 */
export function decodeKeyList(plaintext: Uint8Array): readonly AttachmentEntry[] {
  const lengthBytes = plaintext.findLastIndex((byte) => byte !== 0) + 1;
  if (plaintext.length !== paddedBodyBytes(lengthBytes)) throw altered('the padding of the key list has another size');
  let entries: readonly AttachmentEntry[];
  let text: string;
  try {
    text = utf8.encode(plaintext.subarray(0, lengthBytes));
    entries = v.parse(keyListSchema, JSON.parse(text)).attachments.map(entryFrom);
  } catch (cause) {
    throw altered('the key list cannot be read', { cause });
  }
  if (formatKeyList(entries) !== text) throw altered('the key list is not in its one form');
  return entries;
}

/** Everything that the manifest says of the payload stands there alone. */
export function entryOf(
  claim: ManifestClaim & { readonly fileKey: Uint8Array; readonly stated: ManifestClaim | null },
): AttachmentEntry {
  const { statement } = parseSigned('latchkey/file/v1', claim.manifest);
  return {
    key: { fileKey: claim.fileKey, nonce: statement.payloadNonce, item: statement.item },
    name: statement.name,
    type: statement.type,
    sizeBytes: statement.sizeBytes,
    payloadBytes: paddedPayloadBytes(statement.sizeBytes),
    salt: claim.salt,
    manifest: claim.manifest,
    ...(claim.stated === null ? {} : { stated: claim.stated }),
  };
}

type Listed = v.InferOutput<typeof keyListSchema>['attachments'][number];

function entryFrom({ key, stated, ...own }: Listed): AttachmentEntry {
  return entryOf({
    fileKey: base64urlnopad.decode(key),
    ...claimFrom(own),
    stated: stated === undefined ? null : claimFrom(stated),
  });
}

function claimFrom({ salt, manifest }: Pick<Listed, 'salt' | 'manifest'>): ManifestClaim {
  return { salt: base64urlnopad.decode(salt), manifest };
}

function formatKeyList(attachments: readonly AttachmentEntry[]): string {
  const claim = ({ salt, manifest }: ManifestClaim): object => ({ salt: base64urlnopad.encode(salt), manifest });
  const listed = attachments.map((entry) => ({
    key: base64urlnopad.encode(entry.key.fileKey),
    ...claim(entry),
    ...(entry.stated === undefined ? {} : { stated: claim(entry.stated) }),
  }));
  return JSON.stringify({ kind: 'key-list', v: 1, attachments: listed });
}
