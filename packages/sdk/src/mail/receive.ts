/** Receiving: the main flow (docs/spec/09-mail.md, "Receiving"). */
import type { Client } from '../client/types.ts';
import { notedHeads, noteHeads } from '../sync/note-heads.ts';
import { openArrivalLog, type HereArrival } from '../sync/open-arrival-log.ts';
import { fileArrivals } from './arrivals/file-arrivals.ts';
import { judgeArrival, type JudgedArrival } from './arrivals/judge-arrival.ts';
import { listRows } from './list.ts';
import { receiverOf } from './open-stored.ts';
import { underHead } from './records/message-record.ts';
import { mayPass, patientWire, stoppableWire, type LineOptions } from './transfers/server-line.ts';
import type { MessageRow, TransferOptions } from './types.ts';
import type { Receiver } from '../message/index.ts';

export interface Received {
  /** What this call filed, newest first. */
  readonly arrived: readonly MessageRow[];
  /** Arrivals that the server lists and does not give. They stay where they are and are tried again. */
  readonly left: number;
  /** Notes on vault and mailbox that the server shows and no device of the owner made: left aside, and worth telling. */
  readonly forgedHeads: number;
}

/** Opened at once: each costs a call. */
const AT_ONCE = 8;
/** Filed together. */
const FILED_AT_ONCE = 128;

/**
 * List what arrived → open and judge each → file, up to 128 together. Nothing that arrives is lost, and nothing holds up
 * the rest: what cannot be opened is filed as what it is.
 *
 * @throws SdkError `space_rolled_back`, `space_forked`, `space_altered`, `stopped`; what the wire throws
 */
export async function receive(client: Client, options: TransferOptions = {}): Promise<Received> {
  const { filed, left, forgedHeads } = await receiveRecords(client, options);
  const rows = await listRows(client, filed);
  return { arrived: rows.filter(({ folder }) => folder !== 'trash'), left, forgedHeads };
}

export interface ReceivedRecords {
  /** Record ids. */
  readonly filed: readonly Uint8Array[];
  readonly left: number;
  readonly forgedHeads: number;
}

export async function receiveRecords(client: Client, options: LineOptions): Promise<ReceivedRecords> {
  const { host, session, vault, mailbox, device } = client;
  // What other devices saw of mailbox and arrivals, this one must be shown too.
  const inVault = await vault.catchUp();
  const noted = await notedHeads(vault);
  const inMailbox = await mailbox.catchUp(noted);
  const log = openArrivalLog(host, { wire: stoppableWire(patientWire(client), options), session });
  const receiver = cachedReceiver(client);
  const filed: Uint8Array[] = [];
  let left = 0;
  let batch: HereArrival[] = [];
  const fileBatch = async (): Promise<void> => {
    const received = await receiveBatch(client, { arrivals: batch, receiver }, options);
    filed.push(...received.filed);
    left += received.left;
    batch = [];
  };
  for await (const arrival of log.list(noted)) {
    batch.push(arrival);
    if (batch.length === FILED_AT_ONCE) await fileBatch();
  }
  if (batch.length > 0) await fileBatch();
  await noteHeads(vault, { device, nowMs: host.clock.nowMs(), tips: [await mailbox.tip(), await log.tip()] }).catch(
    unlessPassing,
  );
  return { filed, left, forgedHeads: inVault.forgedHeads + inMailbox.forgedHeads };
}

/** What was received is filed all the same, and the next time notes this too. */
function unlessPassing(error: unknown): void {
  if (!mayPass(error)) throw error;
}

async function receiveBatch(
  client: Client,
  { arrivals, receiver }: { arrivals: readonly HereArrival[]; receiver: Receiver },
  options: LineOptions,
): Promise<Omit<ReceivedRecords, 'forgedHeads'>> {
  const judged: JudgedArrival[] = [];
  const withheld: HereArrival[] = [];
  for (let at = 0; at < arrivals.length; at += AT_ONCE) {
    const some = arrivals.slice(at, at + AT_ONCE);
    const verdicts = some.map(async (arrival) => judgeArrival(client, { arrival, receiver }, options));
    for (const [place, each] of (await Promise.all(verdicts)).entries()) {
      if (each !== null) judged.push(each);
      else if (some[place] !== undefined) withheld.push(some[place]);
    }
  }
  const filed = await fileArrivals(client, await underDayHead(client, judged), options);
  let left = 0;
  for (const { key } of withheld) {
    // What another device filed meanwhile is not there to be fetched any more.
    if ((await client.mailbox.read(await client.mailbox.nameRecord('message', key))) === null) left += 1;
  }
  return { filed, left };
}

/** Proof for later: what the sender was verified under lies in the vault, once a day. */
async function underDayHead(
  { directory }: Client,
  judged: readonly JudgedArrival[],
): Promise<readonly JudgedArrival[]> {
  const head = judged.some(({ sender }) => sender !== null) ? await directory.keepDay() : null;
  if (head === null) return judged;
  return judged.map((each) => (each.sender === null ? each : { ...each, body: underHead(each.body, head) }));
}

/** Each sender is looked up once, and afresh: a key that was retired yesterday must not pass for the newest. */
function cachedReceiver(client: Client): Receiver {
  const receiver = receiverOf(client, null, { pinIsEnough: false });
  const known = new Map<string, ReturnType<Receiver['lookUp']>>();
  return {
    ...receiver,
    compareView: async (claim) => client.directory.compareView(claim),
    async lookUp(address) {
      const view = known.get(address) ?? receiver.lookUp(address);
      known.set(address, view);
      return view;
    },
  };
}
