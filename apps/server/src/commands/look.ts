/** Commands that only look, and need no data. */
import { existsSync } from 'node:fs';
import { ROUTE_NAMES, routeNamed } from '@latchkey/protocol/wire';
import type { ConfigKey } from '../config/read-config.ts';
import { FILE_INVENTORY } from '../inventory/files.ts';
import { formatInventory } from '../inventory/format-inventory.ts';
import { JOINS } from '../inventory/joins.ts';
import { TABLE_INVENTORY } from '../inventory/tables.ts';
import { print, printJson, type Command } from './command.ts';

export const inventory: Command = {
  name: 'inventory',
  operands: [],
  givesJson: true,
  summary: 'print everything this server keeps, and what a changed one could learn',
  async run({ json }) {
    if (!json) process.stdout.write(formatInventory());
    else {
      const calls = ROUTE_NAMES.map((name) => {
        const { method, path, changedServerLearns } = routeNamed(name);
        return { method, path, changedServerLearns };
      });
      printJson({ tables: TABLE_INVENTORY, files: FILE_INVENTORY, joins: JOINS, calls });
    }
    return 0;
  },
};

export const config: Command = {
  name: 'config',
  operands: [],
  givesJson: true,
  summary: 'print every setting in force and where it comes from',
  async run({ read, json }) {
    const file = { path: read.file, isThere: existsSync(read.file) };
    const settings = Object.entries(read.config).map(([name, value]) => ({
      name,
      value,
      from: read.sources[name as ConfigKey],
    }));
    if (json) printJson({ file, settings });
    else {
      print(`file\t${file.path}${file.isThere ? '' : ' (absent)'}`);
      for (const { name, value, from } of settings) {
        print(
          `${name}\t${value === null ? '(automatic)' : typeof value === 'object' ? JSON.stringify(value) : String(value)}\t${from}`,
        );
      }
    }
    return 0;
  },
};
