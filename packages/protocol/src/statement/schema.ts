import type { LineRule } from './line.ts';
import { LineReader } from './line-reader.ts';

/** A kind of statement as data: its first line, its further lines in their order, and what they owe each other. */
export interface StatementSchema<S extends { readonly kind: string }> {
  readonly kind: S['kind'];
  /** The order of the properties is the order of the lines. */
  readonly lines: { readonly [K in Exclude<keyof S, 'kind'>]: LineRule<S[K]> };
  /** @throws ProtocolError statement_inconsistent: lines that are well-formed each contradict each other */
  readonly check: (statement: S) => void;
}

/** Reads and writes the statements of one schema. */
export interface StatementCodec<S> {
  read(lines: readonly string[]): S;
  write(statement: object): string;
}

export function statementCodec<S extends { readonly kind: string }>(schema: StatementSchema<S>): StatementCodec<S> {
  const rules: [string, LineRule<unknown>][] = Object.entries(schema.lines);
  return {
    read: (lines) => {
      const reader = new LineReader(lines);
      const values = rules.map(([property, rule]) => [property, rule.read(reader)]);
      // `lines` has a rule for each property of S but `kind`, and each rule reads the type of its property.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const statement = { kind: schema.kind, ...Object.fromEntries(values) } as S;
      schema.check(statement);
      return statement;
    },
    write: (statement) => {
      const values = new Map<string, unknown>(Object.entries(statement));
      return `${schema.kind}\n${rules.flatMap(([property, rule]) => rule.write(values.get(property))).join('')}`;
    },
  };
}
