/** Opening a whole message: the main flow, in the order of docs/spec/08-message.md, "Order of checks". */
import { CHUNK_PLAINTEXT_BYTES, paddedBodyBytes } from '@latchkey/crypto';
import { MAX_MESSAGE_BYTES } from '@latchkey/mime';
import { equalBytes } from '../signing/equal-bytes.ts';
import { decodeEnvelope } from './envelope.ts';
import { altered, type MessageHost } from './item-key.ts';
import { isMimeOf } from './mime-of-statement.ts';
import {
  alteredIfBroken,
  openFirstChunk,
  type FirstChunk,
  type MessageSource,
  type Receiver,
} from './open-first-chunk.ts';
import { openWhole } from './payload.ts';
import type { OpenedMessage } from './types.ts';

/** MIME and head of at most a chunk. The end is a line, and padding of this size has room for it. */
const MAX_PLAINTEXT_BYTES: number = paddedBodyBytes(MAX_MESSAGE_BYTES + CHUNK_PLAINTEXT_BYTES);

/**
 * Null where the message is sealed to none of the own identities.
 *
 * @throws SdkError `item_altered` where nothing of it may be shown; whatever `lookUp` and the payload throw
 */
export async function openMessage(
  host: MessageHost,
  source: MessageSource,
  receiver: Receiver,
): Promise<(OpenedMessage & { readonly first: FirstChunk }) | null> {
  const first = await openFirstChunk(host, source, receiver);
  if (first === null) return null;
  const { fileKey } = first.key;
  const plaintext = await alteredIfBroken(
    openWhole(host, { fileKey, reader: source.payload, maxBytes: MAX_PLAINTEXT_BYTES }),
  );
  const { note, mime } = decodeEnvelope(plaintext);
  if (note !== first.note) throw altered('it changed while it was read');
  const { statement, hash } = first;
  // Whoever got the file key can seal other words under it; only the statement says which ones were signed.
  if (!equalBytes(await host.engine.sha256(mime), statement.body)) throw altered('its body is not the one');
  const consistent = await isMimeOf(host.engine, { mime, statement });
  const verdict = { ...first.verdict, inconsistent: first.verdict.inconsistent || !consistent };
  return { statement, hash, note, mime, verdict, first: { ...first, verdict } };
}
