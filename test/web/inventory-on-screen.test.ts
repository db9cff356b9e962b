/** What the screen "What the operator can see" says is what the server's own inventory says, word for word. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { JOINS } from '../../apps/server/src/inventory/joins.ts';
import { TABLE_INVENTORY } from '../../apps/server/src/inventory/tables.ts';
import { SERVER_INVENTORY } from '../../apps/web/src/screens/settings/server-inventory.ts';

const path = join(import.meta.dirname, '../../apps/web/src/screens/settings/server-inventory.ts');

/** Without what the server knows of itself alone. */
function expected() {
  return {
    tables: Object.entries(TABLE_INVENTORY).map(([table, { why, kept, columns }]) => ({
      table,
      why,
      kept,
      columns: Object.entries(columns).map(([name, { is, reveals }]) => ({ name, is, reveals })),
    })),
    joins: JOINS.map(({ says }) => says),
  };
}

test('the screen shows the inventory of the server (LATCHKEY_WRITE_INVENTORY=1 makes it anew)', () => {
  if (process.env['LATCHKEY_WRITE_INVENTORY'] === '1') {
    const [head = ''] = readFileSync(path, 'utf8').split('// prettier-ignore');
    const { tables, joins } = expected();
    const lines = tables.map((table) => `    ${JSON.stringify(table)},\n`).join('');
    const value = `{\n  tables: [\n${lines}  ],\n  joins: ${JSON.stringify(joins)},\n}`;
    writeFileSync(path, `${head}// prettier-ignore\nexport const SERVER_INVENTORY: ServerInventory = ${value};\n`);
    return;
  }
  assert.deepEqual(SERVER_INVENTORY, expected());
});
