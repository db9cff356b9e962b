import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface AttackRow {
  /** Heading above the table. */
  readonly group: string;
  readonly attack: string;
  readonly outcome: string;
  readonly by: string;
  /** Error codes and verdicts. */
  readonly told: readonly string[];
  readonly why: string;
}

/** The tables of README.md. */
export function attackRows(): readonly AttackRow[] {
  const rows: AttackRow[] = [];
  let group = '';
  for (const line of readFileSync(join(import.meta.dirname, 'README.md'), 'utf8').split('\n')) {
    if (line.startsWith('## ')) group = line.slice(3);
    const cells = line.split('|').map((cell) => cell.trim());
    const [, attack = '', outcome = '', by = '', told = '', why = ''] = cells;
    if (cells.length !== 7 || attack === 'attack' || /^-+$/.test(attack)) continue;
    rows.push({ group, attack, outcome, by, told: [...told.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code), why });
  }
  return rows;
}
