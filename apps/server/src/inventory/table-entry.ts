export interface ColumnEntry {
  readonly is: string;
  /** What somebody learns who reads it. */
  readonly reveals: string;
}

export interface TableEntry {
  readonly why: string;
  readonly kept: string;
  readonly columns: Readonly<Record<string, ColumnEntry>>;
}
