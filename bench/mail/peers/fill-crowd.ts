import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { randomHeader } from '../../../apps/server/src/testing/random-header.ts';

export interface Crowd {
  readonly accounts: number;
  /** Of all of them together. */
  readonly arrivals: number;
  readonly blob: Uint8Array;
  /** So many of the accounts that are made get a session. */
  readonly members: number;
}

/** An account of the crowd that can listen. */
export interface Member {
  readonly address: string;
  readonly session: string;
}

const PART_BYTES = 1_040;
const ITEM_BYTES = 20_000;
const AT_ONCE = 50_000;
const LAST_DAY = 1_000_000;

/** Rows as deliveries leave them: the accounts that are there get their share, the rest is made without a login. */
export function fillCrowd(database: DatabaseSync, { accounts, arrivals, blob, members }: Crowd): Member[] {
  const made: Member[] = [];
  const there = database.prepare('select id, arrivals_ever as ever from account').all() as {
    id: Uint8Array;
    ever: number;
  }[];
  const account = database.prepare("insert into account values (?, ?, 'open', null, 1e15, 1e9, 0, 0, 0, 0, null)");
  const session = database.prepare('insert into session values (?, ?, ?, ?, ?, ?, null)');
  database.exec('begin immediate');
  for (let number = there.length; number < accounts; number++) {
    const id = randomBytes(16);
    const address = `crowd-${number}@localhost`;
    account.run(id, address);
    there.push({ id, ever: 0 });
    if (made.length >= members) continue;
    const token = Buffer.concat([id, randomBytes(32)]);
    const hash = createHash('sha256').update(token).digest();
    session.run(id, hash, randomBytes(16), Buffer.alloc(40), randomBytes(16), LAST_DAY);
    made.push({ address, session: token.toString('base64url') });
  }
  const arrival = database.prepare(
    'insert into arrival (account, number, key, hash, hour, part) values (?, ?, ?, ?, ?, ?)',
  );
  const item = database.prepare(
    'insert into arrival_item (account, arrival, item, blob, size_bytes, header) values (?, ?, 0, ?, ?, ?)',
  );
  const event = database.prepare(
    "insert into event (account, number, day, kind, space, value) values (?, ?, 20000, 'arrival', null, ?)",
  );
  const [hash, part, header] = [randomBytes(32), randomBytes(PART_BYTES), randomHeader()];
  // One after the other as they come in: the rows of an account do not lie together.
  for (let at = 0; at < arrivals; at++) {
    const place = there[at % there.length];
    if (place === undefined) break;
    place.ever += 1;
    arrival.run(place.id, place.ever, randomBytes(16), hash, 490_000, part);
    item.run(place.id, place.ever, blob, ITEM_BYTES, header);
    event.run(place.id, place.ever, place.ever);
    if (at % AT_ONCE === AT_ONCE - 1) database.exec('commit; begin immediate');
  }
  const counts = database.prepare(
    'update account set arrivals_ever = ?, arrivals_here = ?, events_ever = ?, used_bytes = ? where id = ?',
  );
  for (const { id, ever } of there) counts.run(ever, ever, ever, ever * ITEM_BYTES, id);
  database.exec('commit');
  return made;
}
