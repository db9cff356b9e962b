import { randomBytes } from 'node:crypto';
import type { RequestOf, ResponseOf, ROUTES } from '@latchkey/protocol/wire';
import type { Call } from '../http/call.ts';
import type { Services } from '../services.ts';
import { frozenQuery } from '../store/frozen-query.ts';
import { Refused } from '../store/refused.ts';
import type { Tables } from '../store/schema.ts';
import type { DeliveredItem, DeliveredTo } from '../writes/deliver.ts';
import { canonicalOrRefused } from './canonical.ts';

type Row = typeof ROUTES.deliver;
type Asked = RequestOf<Row>['blobs'][number];
type Answer = ResponseOf<Row>['answers'][number];

/** So many recipients are one write, which nothing else comes between. */
const recipientsAtOnce = 32;

/** An arrival for each recipient, of blobs that are there already or of items that come with the call itself. */
export async function deliver({
  services,
  input,
  session,
  attached,
  incoming,
}: Call<'deliver'>): Promise<ResponseOf<Row>> {
  const { blobs, recipients } = input;
  if (recipients.length > (session.mostRecipients ?? recipients.length)) throw new Refused('account_new');
  const items = await itemsOf(services.store, blobs, attached);
  if (recipients.some(({ headers }) => headers.length !== blobs.length)) throw new Refused('request_malformed');
  const canonical = recipients.map((recipient) => ({ ...recipient, address: canonicalOrRefused(recipient.address) }));
  if (session.mostRecipients !== null) {
    services.newcomerPasses.serve(incoming.headers.authorization ?? '', canonical);
  }
  // All at once: they share a commit. A write that fails does not touch the others.
  const writes: Promise<readonly Answer[]>[] = [];
  for (let at = 0; at < canonical.length; at += recipientsAtOnce) {
    writes.push(deliverSome(services.store, items, canonical.slice(at, at + recipientsAtOnce)));
  }
  return { answers: (await Promise.all(writes)).flat() };
}

async function deliverSome(
  store: Services['store'],
  items: readonly DeliveredItem[],
  recipients: readonly DeliveredTo[],
): Promise<readonly Answer[]> {
  try {
    return await store.write('deliver', { items, recipients });
  } catch (error) {
    if (error instanceof Refused) return recipients.map(() => 'later');
    throw error;
  }
}

/** @throws Refused `not_found` for an id that no blob has, `request_malformed` where the bytes are not those announced */
async function itemsOf(
  { db }: Services['store'],
  asked: readonly Asked[],
  attached: Uint8Array,
): Promise<readonly DeliveredItem[]> {
  const sizes = await sizesOf(
    db,
    asked.filter((each) => each instanceof Uint8Array),
  );
  let at = 0;
  const items = asked.map((each): DeliveredItem => {
    if (each instanceof Uint8Array) {
      const sizeBytes = sizes.get(hex(each));
      if (sizeBytes === undefined) throw new Refused('not_found');
      return { blob: each, sizeBytes, content: null };
    }
    const { sizeBytes } = each;
    // In memory of its own: a view would take the whole request to the writer's thread.
    const content = new Uint8Array(attached.subarray(at, at + sizeBytes));
    at += sizeBytes;
    return { blob: new Uint8Array(randomBytes(16)), sizeBytes, content };
  });
  if (at !== attached.length) throw new Refused('request_malformed');
  return items;
}

/** Nearly every message is one item, or two. */
async function sizesOf(
  db: Services['store']['db'],
  blobs: readonly Uint8Array[],
): Promise<ReadonlyMap<string, number>> {
  const [only] = blobs;
  if (only === undefined) return new Map();
  const rows =
    blobs.length === 1
      ? await sizeOf(db, { id: only })
      : await db.selectFrom('blob').select(['id', 'size_bytes']).where('id', 'in', blobs).execute();
  return new Map(rows.map((row) => [hex(row.id), row.size_bytes]));
}

const sizeOf = frozenQuery((db, { id }: Pick<Tables['blob'], 'id'>) =>
  db.selectFrom('blob').select(['id', 'size_bytes']).where('id', '=', id),
);

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
