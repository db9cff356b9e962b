import { ProtocolError } from '../errors.ts';
import { codecs } from './codecs.ts';
import { parseStatement, textReadFrom } from './parse-statement.ts';
import type { Statement } from './statement.ts';

/**
 * The text of a statement, with its last newline. Sorted lines may come in any order.
 * @throws ProtocolError with the code that `parseStatement` would have for it, for a value that no text can carry
 */
export function formatStatement(statement: Statement): string {
  return formatForReaders(statement).text;
}

/** A text, and what `parseStatement` makes of it: sorted lines stand in their order. */
export interface FormattedStatement {
  readonly text: string;
  readonly statement: Statement;
}

/** The same, for whoever goes on with the statement as its readers have it. @throws as `formatStatement` */
export function formatForReaders(statement: Statement): FormattedStatement {
  const read = textReadFrom(statement);
  if (read !== null) return { text: read, statement };
  const codec = codecs.get(statement.kind);
  if (codec === undefined) throw new ProtocolError('statement_kind_unknown', 'there is no such kind');
  const text = codec.write(statement);
  // All rules stand on the reading side; nothing may be signed that nobody would read.
  return { text, statement: parseStatement(text) };
}
