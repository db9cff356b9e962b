/** What an answer takes from the message that it answers. */
import { parseMessage } from '@latchkey/mime';
import type { CanonicalAddress } from '@latchkey/protocol';
import type { Client } from '../client/types.ts';
import type { RepliedMessage } from '../message/index.ts';
import { findReadable } from './find-record.ts';
import { withPrefix } from './forwarded.ts';
import { openStored } from './open-stored.ts';
import type { LineOptions } from './transfers/server-line.ts';

export interface RepliedParts {
  readonly message: RepliedMessage;
  /** Whoever wrote it. */
  readonly sender: CanonicalAddress;
  /** Subject for a draft that has none. */
  readonly subject: string;
}

/** @throws SdkError `message_not_found`, `message_ambiguous`, `item_altered`, `item_withheld`; what the wire throws */
export async function repliedParts(client: Client, prefix: string, options: LineOptions): Promise<RepliedParts> {
  const { message: record } = await findReadable(client, prefix);
  const { hash, mime, statement } = await openStored(client, record, options);
  const { messageId, references, subject } = await parseMessage(mime);
  return {
    message: { hash, messageId, references },
    sender: statement.from.address,
    subject: withPrefix('Re', subject),
  };
}
