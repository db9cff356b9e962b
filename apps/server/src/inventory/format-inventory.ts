import { ROUTE_NAMES, routeNamed } from '@latchkey/protocol/wire';
import { FILE_INVENTORY } from './files.ts';
import { JOINS } from './joins.ts';
import { TABLE_INVENTORY } from './tables.ts';

/** Both inventories as text for the operator's `inventory` command. */
export function formatInventory(): string {
  const lines: string[] = ['WHAT THIS SERVER KEEPS', ''];
  for (const [name, table] of Object.entries(TABLE_INVENTORY)) {
    lines.push(`${name}: ${table.why}`, `  kept: ${table.kept}`);
    for (const [column, entry] of Object.entries(table.columns)) {
      lines.push(`  - ${column}: ${entry.is}; reveals ${entry.reveals}`);
    }
    lines.push('');
  }
  lines.push('FILES', '');
  for (const [name, entry] of Object.entries(FILE_INVENTORY))
    lines.push(`${name}: ${entry.is}; reveals ${entry.reveals}`);
  lines.push('', 'WHAT FOLLOWS FROM ROWS SIDE BY SIDE', '', ...JOINS.map(({ name, says }) => `- ${name}: ${says}`));
  lines.push('', 'WHAT A CHANGED SERVER WOULD LEARN FROM EACH CALL FROM THEN ON', '');
  for (const name of ROUTE_NAMES) {
    const route = routeNamed(name);
    lines.push(`${route.method} ${route.path}: ${route.changedServerLearns}`);
  }
  return `${lines.join('\n')}\n`;
}
