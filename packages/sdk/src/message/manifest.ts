/** Manifests of attachments: signed statements of files (docs/spec/08-message.md, "Attachments"). */
import { CHUNK_BYTES, chunkCountOf, paddedBodyBytes, payloadSizeOf, type Engine } from '@latchkey/crypto';
import { MAX_FILE_NAME_BYTES, type FileStatement } from '@latchkey/protocol';
import { utf8 } from '@scure/base';
import { identitySigner } from '../signing/identity.ts';
import { signStatement } from '../signing/signed-statement.ts';
import type { OwnIdentity } from '../signing/types.ts';
import type { ItemKey, ManifestClaim } from './types.ts';

const CHUNKS_PER_PART = 128;
/** Of a payload without its nonce. */
export const PART_BYTES: number = CHUNKS_PER_PART * CHUNK_BYTES;
const ID_BYTES = 16;
/** An attachment stands in no space and no record. */
export const NO_PLACE: Uint8Array = new Uint8Array(ID_BYTES);
const SALT_BYTES = 32;

export interface ManifestFacts {
  readonly key: ItemKey;
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly parts: readonly Uint8Array[];
}

/** Signed, with a salt that keeps its hash from being guessed. */
export async function signManifest(engine: Engine, sender: OwnIdentity, facts: ManifestFacts): Promise<ManifestClaim> {
  const { key, name, type, sizeBytes, parts } = facts;
  const statement: FileStatement = {
    kind: 'latchkey/file/v1',
    space: NO_PLACE,
    record: NO_PLACE,
    file: engine.randomBytes(ID_BYTES),
    version: 0,
    previous: null,
    item: key.item,
    payloadNonce: key.nonce,
    sizeBytes,
    name: fileName(name),
    type: mediaType(type),
    parts,
    by: sender.identity.party,
  };
  const manifest = await signStatement(statement, [identitySigner(sender.identity.statement, sender.signer)]);
  return { salt: engine.randomBytes(SALT_BYTES), manifest };
}

/** Size of the payload of an attachment, nonce and padding included. */
export function paddedPayloadBytes(sizeBytes: number): number {
  return payloadSizeOf(paddedBodyBytes(sizeBytes));
}

/** How many parts cover the payload, padding included. */
export function partCountOf(sizeBytes: number): number {
  return Math.ceil(chunkCountOf(paddedBodyBytes(sizeBytes)) / CHUNKS_PER_PART);
}

/** A label that a statement can carry: no folders, nothing that is never shown, cut between code points. */
function fileName(name: string): string {
  const shown = name
    .toWellFormed()
    .slice(name.lastIndexOf('/') + 1)
    .replaceAll(/[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu, '')
    .normalize('NFC');
  let cut = '';
  let size = 0;
  for (const character of shown) {
    size += utf8.decode(character).length;
    if (size > MAX_FILE_NAME_BYTES) break;
    cut += character;
  }
  return cut === '' ? 'attachment' : cut;
}

function mediaType(type: string): string {
  const lower = type.toLowerCase();
  const known = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/.test(lower);
  return known ? lower : 'application/octet-stream';
}
