import type { Client } from '../client/types.ts';
import type { ByteSink } from '../ports.ts';
import { writeAll } from './attachments.ts';
import { findReadable } from './find-record.ts';
import { fetchWhole, openFetched } from './open-stored.ts';
import { onePiece } from './one-piece.ts';
import { transferReport } from './transfers/transfer-report.ts';
import type { TransferOptions } from './types.ts';
import { joinBytes } from '../sync/byte-fields.ts';

export interface ExportOptions extends TransferOptions {
  /** Committed when all of it was written, else discarded. */
  readonly sink: ByteSink;
}

/**
 * The message as it is stored, header ‖ payload: an age file that any program opens that has the owner's identity. It is
 * opened once before it is written, so that nobody keeps a file that does not open.
 *
 * @throws SdkError `message_not_found`, `message_ambiguous`, `item_altered`, `item_withheld`, `stopped`; what the wire
 *   and the sink throw
 */
export async function exportAge(client: Client, prefix: string, { sink, ...options }: ExportOptions): Promise<void> {
  const report = transferReport(options);
  let doneBytes = 0;
  const file = await orDiscard(sink, async () => {
    const { message: record } = await findReadable(client, prefix);
    report.begin('downloading', record.message.sizeBytes);
    const onBytes = (bytes: number): void => report.reached(0, (doneBytes += bytes));
    const whole = await fetchWhole(client, record.message, { ...options, onBytes });
    await openFetched(client, record, whole);
    return joinBytes(whole.header, whole.payload);
  });
  await writeAll(sink, onePiece(file), () => undefined);
}

/** What fails before the first byte leaves no file either. */
export async function orDiscard<T>(sink: ByteSink, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await sink.discard();
    throw error;
  }
}
