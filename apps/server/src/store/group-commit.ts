import { describeFault } from '../describe-fault.ts';
import { Refused } from './refused.ts';
import { isEngineFailure, type Connection, type Db } from './sqlite.ts';

/** What one write sees. It runs inside the batch's transaction, under a savepoint of its own. */
export interface WriteContext {
  readonly db: Db;
  readonly nowMs: number;
  /** Accounts (hex) that have a new event; their streams are told after the commit. */
  readonly woken: Set<string>;
}

export type Write = (context: WriteContext, input: never) => Promise<unknown>;

export interface WriteJob {
  readonly name: string;
  readonly input: unknown;
  readonly nowMs: number;
}

export type WriteOutcome =
  | { readonly kind: 'done'; readonly result: unknown; readonly woken: readonly string[] }
  | { readonly kind: 'refused'; readonly code: Refused['code'] }
  | { readonly kind: 'failed'; readonly where: 'storage' | 'code'; readonly reason: string };

/** Many writes, one commit: all of them are on disk, or answered as failed, when this returns. */
export async function commitTogether(
  connection: Connection,
  writes: Readonly<Record<string, Write>>,
  jobs: readonly WriteJob[],
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  try {
    connection.begin();
    for (const job of jobs) outcomes.push(await runOne(connection, writes, job));
    connection.commit();
    return outcomes;
  } catch (error) {
    // After a failed commit the client cannot know whether it was written. Every write can be repeated.
    tryRollback(connection);
    return jobs.map(() => failure(error));
  }
}

async function runOne(
  connection: Connection,
  writes: Readonly<Record<string, Write>>,
  job: WriteJob,
): Promise<WriteOutcome> {
  const write = writes[job.name];
  if (write === undefined) return { kind: 'failed', where: 'code', reason: `no write is called ${job.name}` };
  const woken = new Set<string>();
  connection.savepoint();
  try {
    const result = await write({ db: connection.db, nowMs: job.nowMs, woken }, job.input as never);
    connection.release();
    return { kind: 'done', result, woken: [...woken] };
  } catch (error) {
    connection.rollbackToSavepoint();
    return error instanceof Refused ? { kind: 'refused', code: error.code } : failure(error);
  }
}

function failure(error: unknown): WriteOutcome {
  return { kind: 'failed', where: isEngineFailure(error) ? 'storage' : 'code', reason: describeFault(error) };
}

function tryRollback(connection: Connection): void {
  try {
    connection.rollback();
  } catch {
    // There is no open transaction: it was committed, or ended by the engine.
  }
}
