import { ProtocolError } from '../errors.ts';

/** A line or a value that is not in the grammar. */
export function malformed(why: string, options?: ErrorOptions): ProtocolError {
  return new ProtocolError('statement_malformed', `not a statement: ${why}`, options);
}
