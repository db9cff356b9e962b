/**
 * What stands in the key log under the own address, kept to give back what a server loses with a disk
 * (docs/spec/17-backup.md, "Lost statements").
 */
import { limits, ROUTES } from '@latchkey/protocol/wire';
import * as v from 'valibot';
import { bytesField, noteField, parseStored, storable, u32Field } from '../account/stored-json.ts';
import { RefusedError } from '../errors.ts';
import type { RecordBody } from '../sync/types.ts';
import type { Client } from './types.ts';

const KIND = 'own-statements';
const NO_NAME = new Uint8Array();

const schema = v.strictObject({
  kind: v.literal(KIND),
  v: v.literal(1),
  /** Oldest first. The first one has none: an account without it is gone. */
  statements: v.pipe(
    v.array(v.strictObject({ version: u32Field, opening: bytesField(16), note: noteField })),
    v.maxLength(limits.MAX_VERSIONS),
  ),
});

/** After something of the own was proved to be published. @throws what directory and vault throw */
export async function keepOwnStatements({ directory, vault }: Client): Promise<void> {
  const look = await directory.ownLook({ isWhole: true });
  const statements = (look?.lookup.leaves ?? [])
    .map(({ opened }, version) => ({ version, ...opened }))
    .filter(({ version, note }) => version > 0 && note !== undefined);
  if (statements.length === 0) return;
  const body = storable({ kind: KIND, v: 1, statements }) as RecordBody;
  await vault.write([{ id: await vault.nameRecord(KIND, NO_NAME), knows: 1, change: () => body }]);
}

/**
 * Gives back, under its leaf, what the server has lost and this account has kept. A server that has everything is not
 * asked. Nothing new is said by it: the leaf commits to each byte.
 *
 * @returns how many statements were missing
 * @throws what directory, vault and wire throw
 */
export async function giveBackStatements({ directory, vault, wire, session }: Client): Promise<number> {
  const shown = await directory.ownHistory();
  if (shown === null || shown.refusal === null) return 0;
  let given = 0;
  for await (const { body } of vault.entries(KIND)) {
    for (const { note: statement, opening } of parseStored(schema, body)?.statements ?? []) {
      try {
        await wire.call(ROUTES.directoryGiveBack, { statement, opening }, { rights: { session } });
        given += 1;
      } catch (error) {
        // It is there, or the one before it is missing too.
        if (!(error instanceof RefusedError) || error.wire !== 'statement_refused') throw error;
      }
    }
  }
  return given;
}
