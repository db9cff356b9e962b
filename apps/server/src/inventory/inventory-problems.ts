import { liveColumns, type Db } from '../store/sqlite.ts';
import { TABLE_INVENTORY } from './tables.ts';

/** Where the inventory and the live schema differ, either way. */
export async function inventoryProblems(db: Db): Promise<readonly string[]> {
  const live = await liveColumns(db);
  const problems: string[] = [];
  for (const [table, columns] of live) {
    for (const column of columns) {
      if (TABLE_INVENTORY[table]?.columns[column] === undefined) {
        problems.push(`${table}.${column} is in the database and not in the inventory`);
      }
    }
  }
  for (const [table, entry] of Object.entries(TABLE_INVENTORY)) {
    for (const column of Object.keys(entry.columns)) {
      if (live.get(table)?.includes(column) !== true) {
        problems.push(`${table}.${column} is in the inventory and not in the database`);
      }
    }
  }
  return problems;
}
