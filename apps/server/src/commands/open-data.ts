import { existsSync } from 'node:fs';
import { ServerError } from '../errors.ts';
import { databaseFile } from '../store/database-file.ts';
import { commitTogether, type WriteOutcome } from '../store/group-commit.ts';
import { migrate } from '../store/migrate.ts';
import { Refused } from '../store/refused.ts';
import { openSqlite, type Db } from '../store/sqlite.ts';
import { WRITES, type WriteInput, type WriteName, type WriteResult } from '../writes/index.ts';

/** The data folder for one command, beside a server that may be running. */
export interface OpenData {
  readonly db: Db;
  readonly write: <Name extends WriteName>(name: Name, input: WriteInput<Name>) => Promise<WriteResult<Name>>;
}

/** @throws ServerError `data_missing`, `data_newer` */
export async function withData<T>(dataDir: string, work: (data: OpenData) => Promise<T>): Promise<T> {
  const file = databaseFile(dataDir);
  if (!existsSync(file)) {
    throw new ServerError('data_missing', `there is no data in ${dataDir}; "latchkey-server start" makes it`);
  }
  await migrate(file);
  const connection = openSqlite({ file, mode: 'write' });
  try {
    return await work({
      db: connection.db,
      async write(name, input) {
        const [outcome] = await commitTogether(connection, WRITES, [{ name, input, nowMs: Date.now() }]);
        return resultOf(outcome) as WriteResult<typeof name>;
      },
    });
  } finally {
    connection.close();
  }
}

function resultOf(outcome: WriteOutcome | undefined): unknown {
  if (outcome?.kind === 'done') return outcome.result;
  if (outcome?.kind === 'refused') throw new Refused(outcome.code);
  throw new Error(outcome?.reason ?? 'the write has no outcome');
}
