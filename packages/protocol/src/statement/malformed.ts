import { ProtocolError } from '../errors.ts';

export function malformed(why: string, options?: ErrorOptions): ProtocolError {
  return new ProtocolError('statement_malformed', `not a statement: ${why}`, options);
}
