import { encodeShortHeader } from '../../packages/protocol/src/wire/index.ts';
import { sealArrivals, sealMessage } from '../../packages/sdk/src/message/index.ts';
import { median } from '../median.ts';
import type { Bench } from './bench.ts';
import { newPerson, newReaders } from './new-person.ts';

export interface WrappingFigures {
  readonly recipients: number;
  readonly messageBytes: number;
  /** MIME, signatures, payload, headers and delivery parts. */
  readonly medianMs: number;
  /** Header and delivery part of one reader, as they travel and are stored. */
  readonly bytesPerReader: number;
  /** Median of the processor time of the same, all threads. */
  readonly processorMs: number;
}

const MESSAGE_BYTES = 20_000;

/** One message for many readers, all of them blind: so many names do not fit the first chunk. */
export async function measureWrapping(bench: Bench, recipients: number): Promise<WrappingFigures> {
  const { host, pairs, say } = bench;
  const sender = await newPerson(host.engine, 'alice@localhost');
  const readers = await newReaders(host.engine, sender.identity, recipients);
  const arrivals = readers.map((identity) => ({ identity, counter: 1, previous: null }));
  const times: number[] = [];
  const processorTimes: number[] = [];
  let bytesPerReader = 0;
  for (let round = 0; round <= pairs; round++) {
    const before = process.cpuUsage();
    const startMs = performance.now();
    const sealed = await sealMessage(host, {
      sender,
      to: [sender.identity],
      cc: [],
      bcc: readers,
      subject: 'To all of you',
      text: 'word '.repeat(MESSAGE_BYTES / 5),
      dateSeconds: Math.floor(Date.now() / 1_000),
      inReplyTo: null,
      attachments: [],
    });
    for await (const _piece of sealed.message.payload());
    for await (const { message, delivery } of sealArrivals(host, sealed, arrivals)) {
      bytesPerReader = Math.max(bytesPerReader, encodeShortHeader(message).length + delivery.length);
    }
    const ms = performance.now() - startMs;
    const { user, system } = process.cpuUsage(before);
    const processorMs = (user + system) / 1_000;
    if (round > 0) {
      times.push(ms);
      processorTimes.push(processorMs);
    }
    const cost = `${ms.toFixed(0)} ms, ${processorMs.toFixed(0)} ms of processor`;
    say(`one message for ${recipients}: ${cost}, ${bytesPerReader} bytes a reader`);
  }
  return {
    recipients,
    messageBytes: MESSAGE_BYTES,
    medianMs: median(times),
    processorMs: median(processorTimes),
    bytesPerReader,
  };
}
