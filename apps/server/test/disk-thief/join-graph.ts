import { asText, type StolenFolder, type StolenRow, type Value } from './stolen-folder.ts';

/** One value that rows of two accounts have. */
export interface Edge {
  /** Hexadecimal ids of the accounts, in order. */
  readonly accounts: readonly [string, string];
  /** `table.column` of each, in order of their names. */
  readonly columns: readonly [string, string];
  readonly value: string;
}

/**
 * Every value of eight bytes or more that stands in rows of two accounts, in any usual form, and every address of an
 * account in a text of another. Numbers and plain words are no values that could name anything.
 */
export function joinGraph({ rows }: StolenFolder): Edge[] {
  const places = new Map<string, { account: string; column: string }[]>();
  const addresses = rows
    .filter((row) => row.table === 'account')
    .map((row) => ({ account: accountOf(row) ?? '', address: String(row.values['address']) }));
  for (const row of rows) {
    const account = accountOf(row);
    if (account === null) continue;
    for (const [name, value] of Object.entries(row.values)) {
      const column = `${row.table}.${name}`;
      const isOwnName = name === 'account' || column === 'account.id';
      for (const form of isOwnName ? [asText(value)] : forms(value)) {
        places.set(form, [...(places.get(form) ?? []), { account, column }]);
      }
      for (const other of typeof value === 'string' ? addresses : []) {
        if (other.account === account || !asText(value).includes(other.address)) continue;
        const named = { account: other.account, column: 'account.address' };
        places.set(other.address, [...(places.get(other.address) ?? []), { account, column }, named]);
      }
    }
  }
  return [...places].flatMap(([value, found]) => edgesOf(value, found));
}

function edgesOf(value: string, found: readonly { account: string; column: string }[]): Edge[] {
  const edges = new Map<string, Edge>();
  for (const one of found) {
    for (const other of found) {
      if (one.account >= other.account) continue;
      const columns = [one.column, other.column].toSorted() as [string, string];
      edges.set(`${one.account} ${other.account} ${columns.join()}`, {
        accounts: [one.account, other.account],
        columns,
        value,
      });
    }
  }
  return [...edges.values()];
}

function accountOf({ table, values }: StolenRow): string | null {
  const account = table === 'account' ? values['id'] : values['account'];
  return account === undefined ? null : asText(account);
}

function forms(value: Value): string[] {
  if (value === null || typeof value === 'number' || value.length < 8) return [];
  if (value instanceof Uint8Array) return [asText(value)];
  if (/^[a-z]+$/.test(value)) return [];
  const decoded = [Buffer.from(value, 'hex'), Buffer.from(value, 'base64url')].filter((bytes) => bytes.length >= 8);
  return [value, ...decoded.map((bytes) => bytes.toString('hex'))];
}
