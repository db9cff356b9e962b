/** Commands that only look. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { blobFiles } from '../blobs/blob-files.ts';
import type { ConfigKey } from '../config/read-config.ts';
import { formatInventory } from '../inventory/format-inventory.ts';
import { inventoryProblems } from '../inventory/inventory-problems.ts';
import { integrityProblems } from '../store/sqlite.ts';
import { SCHEMA_VERSION } from '../store/migrations.ts';
import { print, type Command } from './command.ts';
import { withData } from './open-data.ts';
import { useProblems } from './use-problems.ts';

export const inventory: Command = {
  name: 'inventory',
  operands: [],
  summary: 'print everything this server keeps, and what a changed one could learn',
  async run() {
    process.stdout.write(formatInventory());
    return 0;
  },
};

export const config: Command = {
  name: 'config',
  operands: [],
  summary: 'print every setting in force and where it comes from',
  async run({ read }) {
    print(`file\t${existsSync(read.file) ? read.file : `${read.file} (absent)`}`);
    for (const [name, value] of Object.entries(read.config)) {
      print(`${name}\t${value === null ? '(automatic)' : String(value)}\t${read.sources[name as ConfigKey]}`);
    }
    return 0;
  },
};

export const check: Command = {
  name: 'check',
  operands: [],
  summary: 'check the data: the database, the inventory, every blob’s file, every account’s count',
  run: ({ read }) =>
    withData(read.config.data, async ({ db }) => {
      const problems = [...(await integrityProblems(db)), ...(await inventoryProblems(db)), ...(await useProblems(db))];
      const blobs = blobFiles(read.config.data);
      const sizes = new Map<string, number>();
      for await (const { name, sizeBytes } of blobs.names()) sizes.set(name, sizeBytes);
      const rows = await db.selectFrom('blob').select(['file', 'size_bytes']).where('file', 'is not', null).execute();
      for (const { file, size_bytes: sizeBytes } of rows) {
        if (file !== null && sizes.get(file) !== sizeBytes) problems.push(`the file of blob ${file} is missing or cut`);
      }
      for (const problem of problems) print(problem);
      print(problems.length === 0 ? 'Nothing is wrong.' : `${problems.length} problems.`);
      return problems.length === 0 ? 0 : 1;
    }),
};

export const doctor: Command = {
  name: 'doctor',
  operands: [],
  summary: 'say what this program runs on',
  async run({ read, version }) {
    const { data } = read.config;
    print(`latchkey-server\t${version}, schema ${SCHEMA_VERSION}`);
    print(
      `node\t${process.versions.node}, SHA-256 ${createHash('sha256').update(readFileSync(process.execPath)).digest('hex')}`,
    );
    print(`sqlite\t${process.versions['sqlite'] ?? 'unknown'}`);
    print(`openssl\t${process.versions.openssl}`);
    if (!existsSync(data)) {
      print(`data\t${data} (absent: "latchkey-server start" makes it)`);
      return 0;
    }
    const isPrivate = (statSync(data).mode & 0o077) === 0;
    print(`data\t${data}${isPrivate ? '' : ' is readable by others: chmod 700 it'}`);
    return isPrivate ? 0 : 1;
  },
};
