import { blobFiles, type BlobFiles } from '../blobs/blob-files.ts';
import { ServerError } from '../errors.ts';
import { FILE_INVENTORY } from '../inventory/files.ts';
import { JOINS } from '../inventory/joins.ts';
import { TABLE_INVENTORY } from '../inventory/tables.ts';
import { databaseFile } from '../store/database-file.ts';
import { openSqlite, type Db } from '../store/sqlite.ts';
import { accountRows, keyLeafRows, OWNED_TABLES, rowAsJson } from './account-rows.ts';
import { openHandoverKey } from './handover-key.ts';
import { handoverReadme } from './handover-readme.ts';
import { itemPieces, openOrNull, type StoredItem } from './item-pieces.ts';
import { OutFolder, type Manifest } from './out-folder.ts';
import { sharedBlobs, type SharedBlob } from './shared-blobs.ts';

export interface Handover {
  readonly address: string;
  readonly dataDir: string;
  readonly out: string;
  readonly nowMs: number;
}

export interface HandedOver {
  readonly manifest: Manifest;
  readonly shared: readonly SharedBlob[];
  /** Names of items whose bytes are not there any more. */
  readonly missing: readonly string[];
  readonly verifierKeys: readonly string[];
}

interface Source {
  readonly address: string;
  readonly account: Uint8Array;
  /** One state of all rows, whatever is written meanwhile. Only one query at a time. */
  readonly rows: Db;
  /** Blobs never change. */
  readonly db: Db;
  readonly blobs: BlobFiles;
  readonly out: OutFolder;
  readonly missing: string[];
}

/**
 * Everything that is kept about an account, into a new folder: docs/spec/10-handover.md. Beside a running server, in
 * constant memory.
 *
 * @throws ServerError `output_exists`, `account_unknown`, `data_damaged`
 */
export async function writeHandover({ address, dataDir, out: path, nowMs }: Handover): Promise<HandedOver> {
  const file = databaseFile(dataDir);
  const [snapshot, other] = [openSqlite({ file, mode: 'read' }), openSqlite({ file, mode: 'read' })];
  snapshot.beginReading();
  try {
    const rows = snapshot.db;
    const own = await rows.selectFrom('account').selectAll().where('address', '=', address).executeTakeFirst();
    if (own === undefined) throw new ServerError('account_unknown', `there is no account ${address}`);
    const origin = await rows.selectFrom('setting').select('value').where('name', '=', 'origin').executeTakeFirst();
    if (origin === undefined) throw new ServerError('data_missing', 'start the server once before you hand over');
    const key = openHandoverKey(dataDir, origin.value);
    const out = await OutFolder.create(path);
    const source: Source = {
      address,
      account: own.id,
      rows,
      db: other.db,
      blobs: blobFiles(dataDir),
      out,
      missing: [],
    };

    await out.text('tables/account.jsonl', `${rowAsJson(own)}\n`);
    for (const table of OWNED_TABLES) await out.put(`tables/${table}.jsonl`, accountRows(rows, table, own.id));
    await out.put('tables/key_leaf.jsonl', keyLeafRows(rows, own.id));
    await putIdentity(source);
    await putHolds(source);
    await putArrivals(source);
    await putUploads(source);
    const shared = await sharedBlobs(rows, own.id);
    await out.text('joins.json', asJson(JOINS.map((join) => ({ ...join, rows: joinRows(join.name, shared) }))));
    await out.text('INVENTORY.json', asJson({ tables: TABLE_INVENTORY, files: FILE_INVENTORY, joins: JOINS }));
    await out.text('MISSING.txt', source.missing.map((name) => `${name}\n`).join(''));
    await out.text('README.md', handoverReadme({ address, origin: origin.value, verifierKeys: key.verifierKeys }));
    const manifest = await out.finish();
    const note = await key.sign(handoverText({ address, origin: origin.value, nowMs, manifest }));
    await out.outside('HANDOVER.note', note);
    return { manifest, shared, missing: source.missing, verifierKeys: key.verifierKeys };
  } finally {
    snapshot.close();
    other.close();
  }
}

interface HandoverText {
  readonly address: string;
  readonly origin: string;
  readonly nowMs: number;
  readonly manifest: Manifest;
}

function handoverText({ address, origin, nowMs, manifest }: HandoverText): string {
  return `latchkey/handover/v1
origin ${origin}
account ${address}
date ${new Date(nowMs).toISOString().replace(/\.\d{3}Z$/, 'Z')}
files ${manifest.files}
bytes ${manifest.bytes}
manifest ${Buffer.from(manifest.hash).toString('base64')}
`;
}

async function putIdentity({ rows, account, out }: Source): Promise<void> {
  const statements = rows.selectFrom('statement').select(['version', 'note']).where('account', '=', account);
  for await (const { version, note } of statements.stream()) await out.text(`identity/${version}.note`, note);
  const latches = rows.selectFrom('login').select(['id', 'rescue']).where('account', '=', account);
  for await (const { id, rescue } of latches.stream()) {
    if (rescue !== null) await out.put(`rescue/${hex(id)}.age`, [rescue]);
  }
}

async function putHolds(source: Source): Promise<void> {
  const { rows, account } = source;
  const holds = rows.selectFrom('hold').select(['id', 'blob', 'header']).where('account', '=', account);
  for await (const { id, ...item } of holds.stream()) await putItem(source, `holds/${hex(id)}`, item);
}

async function putArrivals(source: Source): Promise<void> {
  const { rows, account, out } = source;
  const parts = rows
    .selectFrom('arrival')
    .select(['number', 'part'])
    .where('account', '=', account)
    .where('part', 'is not', null);
  for await (const { number, part } of parts.stream()) {
    if (part !== null) await out.put(`arrivals/${number}/delivery-part`, [part]);
  }
  const items = rows
    .selectFrom('arrival_item')
    .select(['arrival', 'item', 'blob', 'header'])
    .where('account', '=', account);
  for await (const { arrival, item: place, ...item } of items.stream()) {
    await putItem(source, `arrivals/${arrival}/${place}`, item);
  }
}

/** What is there of them; unsent parts are holes. */
async function putUploads({ rows, account, out, blobs, missing }: Source): Promise<void> {
  const uploads = rows.selectFrom('upload').select(['id', 'file']).where('account', '=', account);
  for await (const { id, file } of uploads.stream()) {
    const name = `uploads/${hex(id)}.part`;
    const handle = await openOrNull(blobs, file);
    if (handle === null) missing.push(name);
    else await out.put(name, handle.createReadStream() as AsyncIterable<Uint8Array>);
  }
}

async function putItem(source: Source, name: string, item: StoredItem): Promise<void> {
  const found = await itemPieces(source, item);
  if (found === null) source.missing.push(name);
  else await source.out.put(`${name}.${found.isAge ? 'age' : 'payload'}`, found.pieces);
}

/** null: the join is not one of equal values, and has no list. */
function joinRows(name: string, shared: readonly SharedBlob[]): readonly SharedBlob[] | null {
  return name === 'shared-blob' ? shared : null;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
