import { ProtocolError } from '../errors.ts';
import { MAX_STATEMENT_CHARS } from '../limits.ts';
import { codecs } from './codecs.ts';
import { malformed } from './malformed.ts';
import type { Statement } from './statement.ts';

/** A statement that was read has been compared with its text: nobody needs to write it again. */
const texts = new WeakMap<Statement, string>();

/** The text that this very statement was read from; null where it was made otherwise. */
export function textReadFrom(statement: Statement): string | null {
  return texts.get(statement) ?? null;
}

/**
 * Reads the text of a statement (docs/spec/02-statements.md). Only the one text that `formatStatement` gives for the
 * result is taken. That somebody signed it is another question.
 * @throws ProtocolError `statement_too_large`, `statement_kind_unknown`, `statement_malformed`,
 * `statement_inconsistent`, `statement_not_canonical`, `address_malformed`, `address_not_canonical`
 */
export function parseStatement(text: string): Statement {
  if (text.length > MAX_STATEMENT_CHARS) {
    throw new ProtocolError('statement_too_large', `a statement has at most ${MAX_STATEMENT_CHARS} bytes`);
  }
  if (!/^[\n -~]*$/.test(text)) throw malformed('it is not printable ASCII');
  const [kind = '', ...lines] = text.split('\n');
  const codec = codecs.get(kind);
  if (codec === undefined) throw new ProtocolError('statement_kind_unknown', 'the first line is no known kind');
  const statement = codec.read(lines);
  // What each field let pass, and what stands after the last line, ends here.
  if (codec.write(statement) !== text) {
    throw new ProtocolError('statement_not_canonical', `${kind}: not the one way to write this`);
  }
  texts.set(statement, text);
  return statement;
}
