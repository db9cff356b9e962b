/** Whether MIME and statement say the same (docs/spec/08-message.md, "MIME"). */
import type { Engine } from '@latchkey/crypto';
import { MimeError, parseMessage, type Mailbox, type ParsedMessage } from '@latchkey/mime';
import { canonicalAddress, ProtocolError, type MessageStatement, type Party } from '@latchkey/protocol';
import { utf8 } from '@scure/base';
import { equalBytes } from '../signing/equal-bytes.ts';
import { formatSummary, summaryOf } from './summary.ts';

/** Fields that a message has once, and that statement or row repeat. */
const ONCE = ['from', 'to', 'cc', 'date', 'subject'] as const;
const NEVER: readonly string[] = ['bcc', 'resent-bcc'];

/** From, To, Cc and Date are those of the statement, there is no Bcc, and the summary follows from both. */
export async function isMimeOf(
  engine: Engine,
  { mime, statement }: { readonly mime: Uint8Array; readonly statement: MessageStatement },
): Promise<boolean> {
  const message = await parsedOrNull(mime);
  if (message === null) return false;
  const { fieldNames, from, to, cc, dateSeconds } = message;
  const once = ONCE.every((name) => fieldNames.filter((one) => one === name).length <= 1);
  if (!once || fieldNames.some((name) => NEVER.includes(name))) return false;
  if (dateSeconds !== statement.dateSeconds) return false;
  if (!isSame(from, [statement.from]) || !isSame(to, statement.to) || !isSame(cc, statement.cc)) return false;
  const summary = formatSummary(summaryOf(statement, message));
  return equalBytes(await engine.sha256(utf8.decode(summary)), statement.summary);
}

async function parsedOrNull(mime: Uint8Array): Promise<ParsedMessage | null> {
  try {
    return await parseMessage(mime);
  } catch (cause) {
    if (cause instanceof MimeError) return null;
    throw cause;
  }
}

/** In any order, each once. */
function isSame(mailboxes: readonly Mailbox[], parties: readonly Party[]): boolean {
  const written = new Set<string | null>(mailboxes.map(({ address }) => canonicalOrNull(address)));
  const same = parties.every(({ address }) => written.has(address));
  return same && written.size === parties.length && mailboxes.length === parties.length;
}

function canonicalOrNull(address: string): string | null {
  try {
    return canonicalAddress(address);
  } catch (cause) {
    if (cause instanceof ProtocolError) return null;
    throw cause;
  }
}
