/** The shape of vectors/records/*.json. Bytes are hexadecimal digits. */
export interface RecordVectors {
  readonly kind: 'record' | 'latch' | 'delivery' | 'item' | 'padding';
  readonly cases: readonly RecordVector[];
}

export interface RecordVector {
  readonly id: string;
  readonly input: Readonly<Record<string, string | number>>;
  /** What comes out; null where this key does not open; else `throws` and the code. */
  readonly expect: string | number | null;
}
