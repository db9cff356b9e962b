/**
 * What can be said for each candidate: numbers that are larger where a candidate is nearer to a delivery, each made by a
 * way of looking that knows nothing of our tables' meaning, but for those that the inventory admits.
 */
import { HEADER_TEXT_BYTES } from './month.ts';
import type { Candidate, Target } from './targets.ts';
import { asText, type StolenFile, type StolenFolder, type StolenRow, type Value } from './stolen-folder.ts';

export type Evidence = Readonly<Record<string, number>>;
type Look = (target: Target, candidate: Candidate) => Evidence;

const nearness = (distance: number): number => (distance === Infinity ? 0 : 1 / Math.log2(2 + distance));

/** What the inventory's joins and files say of themselves. */
export function admittedEvidence(folder: StolenFolder): Look {
  const log = folder.files.filter((file) => file.name.endsWith('-wal'));
  const inLog = bytesNear(log);
  return (target, candidate) => {
    const own = candidate.rows.filter((row) => row.table === 'hold' && row.values['header'] === null);
    const sizes = target.rows
      .filter((row) => row.values['header'] instanceof Uint8Array)
      .map((row) => Number(row.values['size_bytes']) + HEADER_TEXT_BYTES);
    const copies = own.filter((row) => sizes.includes(Number(row.values['size_bytes']))).length;
    const onDay = candidate.rows.filter(
      (row) => row.table === 'event' && row.values['kind'] === 'space' && row.values['day'] === target.day,
    ).length;
    return {
      'own-copy': copies > 0 ? 1 : 0,
      'own-copies': Math.log2(1 + copies),
      'same-day': onDay > 0 ? 1 : 0,
      'on-that-day': Math.log2(1 + onDay),
      'written-together': inLog(target, candidate),
      ...fileOrder(folder, target, candidate),
    };
  };
}

/** Everything else there is. */
export function otherEvidence(folder: StolenFolder): Look {
  const main = folder.files.filter((file) => !file.name.startsWith('blobs/') && !file.name.endsWith('-wal'));
  const inFiles = bytesNear(main);
  return (target, candidate) => ({
    'equal values': equalValues(target, candidate),
    'near in the files': inFiles(target, candidate),
    'near ids': idsNear(target, candidate),
    ...pagesNear(target, candidate),
    ...numbersNear(target, candidate),
  });
}

/** Files of large blobs: how near to each other they were made, by inode and by times. */
function fileOrder({ files }: StolenFolder, target: Target, candidate: Candidate): Evidence {
  const of = (rows: Target['blobs']): StolenFile[] =>
    rows.flatMap((row) => files.filter((file) => file.name.endsWith(String(row.values['file']))));
  const [ours, theirs] = [of(target.blobs), of(candidate.ownBlobs)];
  const nearest = (by: (file: StolenFile) => number): number =>
    Math.min(...ours.flatMap((one) => theirs.map((other) => Math.abs(by(one) - by(other)))));
  return {
    'file inodes': nearness(nearest((file) => file.inode)),
    'file changes': nearness(nearest((file) => file.changedMs)),
    'file births': nearness(nearest((file) => file.bornMs)),
  };
}

/** How many values of the delivery's rows stand in rows of the candidate, in whatever form they are written. */
function equalValues(target: Target, candidate: Candidate): number {
  const theirs = knownOf(candidate).forms;
  const ours = new Set(target.rows.flatMap((row) => Object.values(row.values).flatMap(forms)));
  return [...ours].filter((form) => theirs.has(form)).length;
}

/** The value itself, what it may encode, and its beginning: a hash or an id that was cut. */
function forms(value: Value): string[] {
  if (typeof value === 'number' || value === null || value.length < 8 || value.length > 256) return [];
  const decoded = typeof value === 'string' ? [Buffer.from(value, 'hex'), Buffer.from(value, 'base64url')] : [];
  const all = [asText(value), ...decoded.filter((bytes) => bytes.length >= 8).map((bytes) => bytes.toString('hex'))];
  return all.flatMap((each) => [each, each.slice(0, 16)]);
}

/** Pages are taken in the order in which contents were written: neighbours were written one after the other. */
function pagesNear(target: Target, candidate: Candidate): Evidence {
  const { pages, ownPages } = knownOf(candidate);
  const all = target.rows.flatMap((row) => row.pages);
  const ofBlobs = target.blobs.flatMap((row) => row.pages);
  return {
    'near pages': nearness(Math.min(...all.map((page) => nearestOf(pages, page)))),
    'near pages of blobs': nearness(Math.min(...ofBlobs.map((page) => nearestOf(ownPages, page)))),
  };
}

/** Ids that count, or that are made of somebody's. */
function idsNear(target: Target, candidate: Candidate): number {
  const { ids } = knownOf(candidate);
  return nearness(Math.min(...idNumbers(target.rows).map((one) => nearestOf(ids, one))));
}

function idNumbers(rows: readonly StolenRow[]): number[] {
  return rows.flatMap((row) =>
    Object.values(row.values).flatMap((value) =>
      value instanceof Uint8Array && value.length >= 6 && value.length <= 32 ? Buffer.from(value).readUIntBE(0, 6) : [],
    ),
  );
}

/** Counters: for each column of whole numbers the nearest row of the candidate in the same table. */
function numbersNear(target: Target, candidate: Candidate): Evidence {
  const evidence: Record<string, number> = {};
  const { numbers } = knownOf(candidate);
  for (const row of target.rows) {
    for (const [column, value] of Object.entries(row.values)) {
      if (typeof value !== 'number') continue;
      const name = `${row.table}.${column}`;
      evidence[name] = Math.max(evidence[name] ?? 0, nearness(nearestOf(numbers.get(name) ?? [], value)));
    }
  }
  return evidence;
}

function isReceived({ table, values }: StolenRow): boolean {
  return table === 'arrival_item' || (table === 'hold' && values['header'] !== null);
}

interface Known {
  readonly forms: ReadonlySet<string>;
  readonly pages: readonly number[];
  readonly ownPages: readonly number[];
  readonly ids: readonly number[];
  /** By table and column. */
  readonly numbers: ReadonlyMap<string, readonly number[]>;
}

const known = new WeakMap<Candidate, Known>();

/** What is looked at for every delivery again. Lists are sorted. */
function knownOf(candidate: Candidate): Known {
  const found = known.get(candidate);
  if (found !== undefined) return found;
  // What somebody received says who wrote to them, not what they wrote.
  const rows = [...candidate.rows.filter((row) => !isReceived(row)), ...candidate.ownBlobs];
  const numbers = new Map<string, number[]>();
  for (const { table, values } of rows) {
    for (const [column, value] of Object.entries(values)) {
      if (typeof value !== 'number') continue;
      const name = `${table}.${column}`;
      numbers.set(name, [...(numbers.get(name) ?? []), value]);
    }
  }
  const made = {
    forms: new Set(rows.flatMap((row) => Object.values(row.values).flatMap(forms))),
    pages: sorted(rows.flatMap((row) => row.pages)),
    ownPages: sorted(candidate.ownBlobs.flatMap((row) => row.pages)),
    ids: sorted(idNumbers(rows)),
    numbers: new Map([...numbers].map(([name, values]) => [name, sorted(values)])),
  };
  known.set(candidate, made);
  return made;
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((one, other) => one - other);
}

/** How near any of the delivery's own ids stands to any of the candidate's names in the raw bytes of files. */
function bytesNear(files: readonly StolenFile[]): (target: Target, candidate: Candidate) => number {
  const looked = new Map<string, readonly number[]>();
  const places = (token: Buffer): readonly number[] => {
    const key = token.toString('hex');
    const found = looked.get(key) ?? placesOf(files, token);
    looked.set(key, found);
    return found;
  };
  return (target, candidate) => {
    const names = [Buffer.from(candidate.account, 'hex'), Buffer.from(candidate.address)];
    const theirs = sorted(names.flatMap(places));
    const tokens = target.rows.flatMap((row) =>
      ['id', 'blob', 'key', 'hash'].flatMap((column) => {
        const value = row.values[column];
        return value instanceof Uint8Array ? [Buffer.from(value)] : [];
      }),
    );
    return nearness(Math.min(...tokens.flatMap(places).map((place) => nearestOf(theirs, place))));
  };
}

/** Places in all files as one line; files lie so far apart that nothing is near across two of them. */
function placesOf(files: readonly StolenFile[], token: Buffer): number[] {
  const places: number[] = [];
  for (const [file, { bytes }] of files.entries()) {
    for (let at = bytes.indexOf(token); at >= 0; at = bytes.indexOf(token, at + 1)) places.push(file * 1e11 + at);
  }
  return places;
}

function nearestOf(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return Math.min(Math.abs((sorted[low] ?? Infinity) - value), Math.abs((sorted[low - 1] ?? -Infinity) - value));
}
