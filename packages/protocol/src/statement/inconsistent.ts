import { ProtocolError } from '../errors.ts';

/** Lines that contradict each other. */
export function inconsistent(why: string): ProtocolError {
  return new ProtocolError('statement_inconsistent', `not a statement: ${why}`);
}
