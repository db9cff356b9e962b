import { isEngineFailure, type Connection } from './sqlite.ts';

/** A full disk, or a command of the operator that is writing: it is done another day. */
export function tryRewrite(connection: Connection): void {
  try {
    connection.rewrite();
  } catch (error) {
    if (!isEngineFailure(error)) throw error;
  }
}
