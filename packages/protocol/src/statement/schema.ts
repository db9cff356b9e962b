import { ProtocolError } from '../errors.ts';
import type { LineRule } from './line.ts';
import { LineReader } from './line-reader.ts';

/** A kind of statement as data: its first line, its further lines in their order, and what they owe each other. */
export interface StatementSchema<S extends { readonly kind: string }> {
  readonly kind: S['kind'];
  /** The order of the properties is the order of the lines. */
  readonly lines: { readonly [K in Exclude<keyof S, 'kind'>]: LineRule<S[K]> };
  /** What is wrong between the lines of a statement that is well-formed otherwise; null where nothing is. */
  readonly fault: (statement: S) => string | null;
}

/** Reads and writes the statements of one schema; what both forget is the type of the kind. */
export interface StatementCodec {
  read(lines: readonly string[]): object;
  write(statement: object): string;
}

export function statementCodec<S extends { readonly kind: string }>(schema: StatementSchema<S>): StatementCodec {
  const rules: [string, LineRule<unknown>][] = Object.entries(schema.lines);
  return {
    read: (lines) => {
      const reader = new LineReader(lines);
      const values = rules.map(([property, rule]) => [property, rule.read(reader)]);
      const statement = { kind: schema.kind, ...Object.fromEntries(values) } as S;
      const fault = schema.fault(statement);
      if (fault !== null) throw new ProtocolError('statement_inconsistent', `${schema.kind}: ${fault}`);
      return statement;
    },
    write: (statement) => {
      const values = new Map<string, unknown>(Object.entries(statement));
      return `${schema.kind}\n${rules.flatMap(([property, rule]) => rule.write(values.get(property))).join('')}`;
    },
  };
}
