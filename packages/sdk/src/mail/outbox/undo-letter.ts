import type { Client } from '../../client/types.ts';
import { parseSigned } from '../../signing/signed-statement.ts';
import { statementHash } from '@latchkey/protocol';
import { giveCountersBack } from './counters.ts';
import { abortUploads, removeHolds } from './give-up-holds.ts';
import { spentHolds, type Letter } from './letter.ts';
import { changeEntry, type OutboxEntry } from './outbox-entry.ts';

/** A part is 8 MiB; what is smaller was never an upload of its own. */
const LARGE_BYTES = 8_388_608;

/**
 * Takes a letter back that nobody has: uploads, holds, numbers, and at last the outbox record.
 *
 * @param letter null where it never came to the server
 */
export async function undoLetter(
  client: Client,
  { entry, letter }: { readonly entry: OutboxEntry; readonly letter: Letter | null },
): Promise<void> {
  const { own, abandoned, letter: kept } = entry.record;
  const holds = [own.message, own.keyList, ...abandoned, ...(kept.in === 'hold' ? [kept.hold] : [])];
  if (letter !== null) {
    const large = letter.attachments.flatMap(({ entry: { payloadBytes }, hold, own: { hold: ownHold } }) =>
      payloadBytes + 4_096 > LARGE_BYTES ? [hold, ownHold] : [],
    );
    await abortUploads(client, large);
    holds.push(...spentHolds(letter), ...letter.attachments.map((each) => each.own.hold));
    const { statement } = parseSigned('latchkey/message/v1', letter.written.note);
    const message = { outbox: entry.id, hash: statementHash(statement), sender: statement.from.identity };
    await giveCountersBack(
      client,
      message,
      letter.recipients.map(({ address }) => address),
    );
  }
  await removeHolds(client, holds);
  await changeEntry(client, entry, { to: 'removed' });
}
