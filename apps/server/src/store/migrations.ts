/**
 * The schema's history. A migration is never changed once a release has it; the next one is added behind it.
 * `engine.bytes` and `engine.clustered` are all that differs between engines.
 */
import type { CreateTableBuilder, Kysely } from 'kysely';
import type { SchemaWords } from './sqlite.ts';

export interface Migration {
  readonly version: number;
  up(db: Kysely<unknown>, engine: SchemaWords): Promise<void>;
}

type ColumnKind = 'id' | 'bytes' | 'bytes?' | 'text' | 'text?' | 'int' | 'int?';

interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnKind>>;
  readonly key: readonly string[];
  readonly unique?: readonly string[];
}

const first: readonly Table[] = [
  { name: 'setting', columns: { name: 'text', value: 'text' }, key: ['name'] },
  {
    name: 'account',
    columns: {
      id: 'id',
      address: 'text',
      state: 'text',
      removed_on_day: 'int?',
      quota_bytes: 'int',
      quota_arrivals: 'int',
      used_bytes: 'int',
      arrivals_here: 'int',
      arrivals_ever: 'int',
      events_ever: 'int',
    },
    key: ['id'],
    unique: ['address'],
  },
  {
    name: 'login',
    columns: {
      account: 'id',
      id: 'id',
      kind: 'text',
      generation: 'int',
      wrapped: 'bytes',
      rescue: 'bytes?',
      record: 'text?',
    },
    key: ['account', 'id'],
  },
  {
    name: 'session',
    columns: {
      account: 'id',
      token_hash: 'bytes',
      id: 'id',
      name: 'bytes',
      device: 'id',
      expires_day: 'int',
      act_nonce: 'bytes?',
    },
    key: ['account', 'token_hash'],
  },
  { name: 'invitation', columns: { id: 'id', expires_day: 'int', state: 'text' }, key: ['id'] },
  { name: 'statement', columns: { account: 'id', version: 'int', note: 'text' }, key: ['account', 'version'] },
  {
    name: 'upload',
    columns: { account: 'id', id: 'id', size_bytes: 'int', file: 'text', started_on_day: 'int' },
    key: ['account', 'id'],
  },
  {
    name: 'upload_part',
    columns: { account: 'id', upload: 'id', part: 'int', hash: 'bytes' },
    key: ['account', 'upload', 'part'],
  },
  {
    name: 'blob',
    columns: { id: 'id', size_bytes: 'int', content: 'bytes?', file: 'text?', unnamed_on_day: 'int?' },
    key: ['id'],
  },
  {
    name: 'hold',
    columns: { account: 'id', id: 'id', blob: 'id', size_bytes: 'int', header: 'bytes?' },
    key: ['account', 'id'],
  },
  {
    name: 'arrival',
    columns: { account: 'id', number: 'int', key: 'id', hash: 'bytes', hour: 'int?', part: 'bytes?' },
    key: ['account', 'number'],
    unique: ['account', 'key'],
  },
  {
    name: 'arrival_item',
    columns: { account: 'id', arrival: 'int', item: 'int', blob: 'id', size_bytes: 'int', header: 'bytes?' },
    key: ['account', 'arrival', 'item'],
  },
  { name: 'space', columns: { account: 'id', id: 'id', kind: 'text', size: 'int' }, key: ['account', 'id'] },
  {
    name: 'record',
    columns: { account: 'id', space: 'id', id: 'id', version: 'int', epoch: 'int', number: 'int', sealed: 'bytes' },
    key: ['account', 'space', 'id'],
  },
  {
    name: 'change',
    columns: { account: 'id', space: 'id', number: 'int', record: 'id', version: 'int', epoch: 'int', hash: 'bytes' },
    key: ['account', 'space', 'number'],
  },
  {
    name: 'head',
    columns: { account: 'id', space: 'id', device: 'id', size: 'int', head: 'bytes' },
    key: ['account', 'space', 'device'],
  },
  {
    name: 'event',
    columns: { account: 'id', number: 'int', day: 'int', kind: 'text', space: 'bytes?', value: 'int' },
    key: ['account', 'number'],
  },
];

const keyLog: readonly Table[] = [
  { name: 'opening', columns: { account: 'id', version: 'int', opening: 'bytes' }, key: ['account', 'version'] },
  { name: 'address_index', columns: { account: 'id', log_index: 'bytes', proof: 'bytes' }, key: ['account'] },
  { name: 'key_leaf', columns: { position: 'int', leaf: 'bytes' }, key: ['position'] },
  { name: 'index_leaf', columns: { position: 'int', leaf: 'bytes' }, key: ['position'] },
  {
    name: 'log_tile',
    columns: { log: 'text', level: 'int', tile: 'int', hashes: 'bytes' },
    key: ['log', 'level', 'tile'],
  },
  {
    name: 'log_head',
    columns: { log: 'text', state: 'text', size: 'int', root: 'bytes', note: 'text' },
    key: ['log', 'state'],
  },
  { name: 'log_hour', columns: { hour: 'int', note: 'text' }, key: ['hour'] },
];

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    async up(db, engine) {
      for (const table of first) await createTable(db, engine, table);
    },
  },
  {
    version: 2,
    async up(db, engine) {
      for (const table of keyLog) await createTable(db, engine, table);
    },
  },
  {
    version: 3,
    async up(db) {
      await db.schema.alterTable('statement').addColumn('taken_hour', 'bigint').execute();
    },
  },
  {
    version: 4,
    async up(db, engine) {
      await createTable(db, engine, {
        name: 'report',
        columns: { id: 'id', day: 'int', sealed: 'bytes' },
        key: ['id'],
      });
      await db.schema.alterTable('account').addColumn('new_until_day', 'bigint').execute();
    },
  },
];

export const SCHEMA_VERSION: number = MIGRATIONS.at(-1)?.version ?? 0;

async function createTable(db: Kysely<unknown>, engine: SchemaWords, table: Table): Promise<void> {
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(table.name);
  for (const [name, kind] of Object.entries(table.columns)) {
    const type = kind.startsWith('int') ? 'bigint' : kind.startsWith('text') ? 'text' : engine.bytes;
    builder = builder.addColumn(name, type, (column) => (kind.endsWith('?') ? column : column.notNull()));
  }
  builder = builder.addPrimaryKeyConstraint(`${table.name}_key`, [...table.key]);
  if (table.unique !== undefined) builder = builder.addUniqueConstraint(`${table.name}_unique`, [...table.unique]);
  if (engine.clustered !== null) builder = builder.modifyEnd(engine.clustered);
  await builder.execute();
}
