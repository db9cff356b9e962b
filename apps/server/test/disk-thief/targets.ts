import type { Delivery } from './month.ts';
import { asText, type StolenFolder, type StolenRow } from './stolen-folder.ts';

/** Somebody who may have sent it. */
export interface Candidate {
  /** Hexadecimal. */
  readonly account: string;
  readonly address: string;
  readonly rows: readonly StolenRow[];
  /** Rows of blobs on which only this account has holds, without a header: what it made itself. */
  readonly ownBlobs: readonly StolenRow[];
}

/** A delivery, as its arrival or as its blob: once an arrival is filed nothing admitted joins the two. */
export interface Target {
  readonly rows: readonly StolenRow[];
  readonly blobs: readonly StolenRow[];
  readonly day: number | null;
  readonly candidates: readonly Candidate[];
  /** The truth: place in `candidates`. */
  readonly sender: number;
}

export function candidatesOf({ rows }: StolenFolder): Candidate[] {
  const blobs = new Map(
    rows.filter((row) => row.table === 'blob').map((row) => [asText(row.values['id'] ?? null), row]),
  );
  const received = new Set(
    rows
      .filter((row) => row.table === 'arrival_item' || (row.table === 'hold' && row.values['header'] !== null))
      .map((row) => asText(row.values['blob'] ?? null)),
  );
  return rows
    .filter((row) => row.table === 'account')
    .map((own) => {
      const account = asText(own.values['id'] ?? null);
      const of = rows.filter((row) => row === own || asText(row.values['account'] ?? null) === account);
      const held = of.filter((row) => row.table === 'hold').map((row) => asText(row.values['blob'] ?? null));
      const ownBlobs = held.filter((blob) => !received.has(blob)).flatMap((blob) => blobs.get(blob) ?? []);
      return { account, address: String(own.values['address']), rows: of, ownBlobs };
    });
}

export function targetsOf(folder: StolenFolder, everybody: readonly Candidate[], truth: readonly Delivery[]): Target[] {
  const { rows } = folder;
  const accountOf = new Map(everybody.map((each) => [each.address, each.account]));
  const blobRow = new Map(
    rows.filter((row) => row.table === 'blob').map((row) => [asText(row.values['id'] ?? null), row]),
  );
  const target = (of: readonly Delivery[], own: readonly StolenRow[], day: number | null): Target[] => {
    const recipients = new Set(of.map((each) => accountOf.get(each.recipient)));
    const candidates = everybody.filter((each) => !recipients.has(each.account));
    const sender = candidates.findIndex((each) => each.address === of[0]?.sender);
    const blobs = own.filter((row) => row.table === 'blob');
    return sender < 0 || own.length === 0 ? [] : [{ rows: own, blobs, day, candidates, sender }];
  };

  const asArrivals = truth.flatMap((delivery) => {
    const account = accountOf.get(delivery.recipient);
    const isOf = (row: StolenRow, column: string): boolean =>
      asText(row.values['account'] ?? null) === account && row.values[column] === delivery.number;
    const arrival = rows.filter((row) => row.table === 'arrival' && isOf(row, 'number'));
    const items = rows.filter((row) => row.table === 'arrival_item' && isOf(row, 'arrival'));
    const blobs = items.flatMap((row) => blobRow.get(asText(row.values['blob'] ?? null)) ?? []);
    const event = rows.find((row) => row.table === 'event' && row.values['kind'] === 'arrival' && isOf(row, 'value'));
    return target([delivery], [...arrival, ...items, ...blobs], Number(event?.values['day']));
  });

  const byBlob = Map.groupBy(truth, (delivery) => delivery.blobs[0] ?? '');
  const asBlobs = [...byBlob].flatMap(([blob, deliveries]) => {
    const naming = rows.filter((row) => asText(row.values['blob'] ?? null) === blob);
    // Waiting mail was a target already.
    if (naming.some((row) => row.table === 'arrival_item')) return [];
    const own = blobRow.get(blob);
    return own === undefined ? [] : target(deliveries, [own, ...naming], null);
  });
  return [...asArrivals, ...asBlobs];
}
