/** An address that ends, and one that somebody else gets: docs/spec/13-key-log.md, "Tombstones and re-issue". */
import { randomBytes } from 'node:crypto';
import { formatStatement, parseAddress } from '@latchkey/protocol';
import { ed25519NoteType, formatNote, signNote, verifierKey } from '@latchkey/tlog';
import { sql } from 'kysely';
import { readRestored } from '../backup/restored.ts';
import { ServerError } from '../errors.ts';
import { leafOf } from '../key-log/key-log.ts';
import { readChain, takeNext, type IdentityChain } from '../login/identity-chain.ts';
import { reissueInvitationId } from '../login/tokens.ts';
import { platformKey, SEED_BYTES } from '../signing/platform-key.ts';
import type { AccountState } from '../store/schema.ts';
import type { Db } from '../store/sqlite.ts';
import { hourOf } from '../times.ts';
import { typedAddress, unknown } from './accounts.ts';
import { print, printJson, type Command } from './command.ts';
import { newInvitation } from './invite.ts';
import { withData } from './open-data.ts';

const holdDays = 30;
const holdHours = holdDays * 24;
const invitationDays = 14;

export const tombstone: Command = {
  name: 'tombstone',
  operands: ['ADDRESS'],
  givesJson: true,
  summary: 'end an address in the key log and close its account; after 30 days it can be given to somebody else',
  run: ({ read: { config }, operands, json }) =>
    withData(config.data, async ({ db, write }) => {
      const found = await find(db, typedAddress(operands[0] ?? ''));
      const { account, address, chain, logIndex } = found;
      if ((await readRestored(db))?.keyLog === 'closed') {
        throw new ServerError('data_in_use', 'the key log is closed after a restore: start the server first, and wait');
      }
      if (!chain.ended) {
        const version = chain.last.version + 1;
        if (await hasLost(db, logIndex, version)) {
          throw new ServerError(
            'data_damaged',
            'a statement of this address was lost with a disk: its owner gives it back',
          );
        }
        const note = await tombstoneNote(config.domain, { address, chain });
        const taken = await takeNext(chain, note, { hour: hourOf(Date.now()), mayBeOperators: true });
        if (taken?.flag !== 'tombstone') throw new ServerError('data_damaged', 'the address has no history to end');
        const leaf = leafOf({ address, version, note, flag: taken.flag, logIndex });
        await write('buryAddress', { account, address, version, note, leaf });
      }
      const fromHour = chain.ended ? found.lastHour + holdHours : hourOf(Date.now()) + holdHours;
      const reissueFrom = instantOf(fromHour);
      if (json) printJson({ address, reissueFrom });
      else print(`${address}: ended in the key log. "reissue" gives it to somebody else from ${reissueFrom} on`);
      return 0;
    }),
};

export const reissue: Command = {
  name: 'reissue',
  operands: ['ADDRESS'],
  givesJson: true,
  summary: 'print an invitation to an address that ended 30 days ago: for a different person, and shown as one',
  run: ({ read: { config }, operands, json }) =>
    withData(config.data, async ({ db, write }) => {
      const { address, chain, state, lastHour } = await find(db, typedAddress(operands[0] ?? ''));
      if (!chain.ended) throw new ServerError('argument_invalid', `${address} has not ended: "tombstone" does that`);
      if (hourOf(Date.now()) < lastHour + holdHours) {
        const from = instantOf(lastHour + holdHours);
        throw new ServerError('argument_invalid', `${address} can be given to somebody else from ${from} on`);
      }
      if (state !== 'gone') {
        throw new ServerError(
          'argument_invalid',
          `the account ${address} is ${state}: its owner has stayed, or its days are not over`,
        );
      }
      const { token, invitation } = await newInvitation(config, db);
      await write('addInvitation', { id: reissueInvitationId(token, address), days: invitationDays });
      if (json) printJson({ address, invitation, days: invitationDays });
      else print(`${invitation}\nFor ${address} alone: latchkey register ${address} --reissued --invite LINE`);
      return 0;
    }),
};

interface Found {
  readonly account: Uint8Array;
  readonly address: string;
  readonly state: AccountState;
  readonly chain: IdentityChain;
  readonly logIndex: Uint8Array;
  /** In which its last statement came. */
  readonly lastHour: number;
}

async function find(db: Db, address: string): Promise<Found> {
  const rows = await db
    .selectFrom('account')
    .innerJoin('statement', 'statement.account', 'account.id')
    .innerJoin('address_index', 'address_index.account', 'account.id')
    .select(['account.id', 'account.state', 'address_index.log_index', 'statement.note', 'statement.taken_hour'])
    .where('account.address', '=', address)
    .orderBy('statement.version')
    .execute();
  const newest = rows.at(-1);
  const chain = await readChain(rows, hourOf(Date.now()));
  // Of an account that was removed without a tombstone nothing is left to go on from.
  if (newest === undefined || chain === null) throw unknown(address);
  const { id: account, state, log_index: logIndex, taken_hour: lastHour } = newest;
  return { account, address, state, chain, logIndex, lastHour: lastHour ?? 0 };
}

/** Whether the log has an entry where the next one would stand: a restore took it back without what it said. */
async function hasLost(db: Db, logIndex: Uint8Array, version: number): Promise<boolean> {
  const { leaves } = await db
    .selectFrom('key_leaf')
    .select((select) => select.fn.countAll<number>().as('leaves'))
    .where(sql`substr(leaf, 3, 32)`, '=', logIndex)
    .executeTakeFirstOrThrow();
  return leaves > version;
}

/** A note has a line: by a key that nobody keeps. That it is the operator's word its place in the log says. */
async function tombstoneNote(
  domain: string,
  { address, chain }: { readonly address: string; readonly chain: IdentityChain },
): Promise<string> {
  const { version, hash: previous } = chain.last;
  const text = formatStatement({
    kind: 'latchkey/tombstone/v1',
    address: parseAddress(address),
    version: version + 1,
    previous,
  });
  const { publicKey, sign } = platformKey('ed25519', new Uint8Array(randomBytes(SEED_BYTES)));
  const key = verifierKey(`${domain}/operator`, ed25519NoteType, publicKey);
  return Buffer.from(formatNote(await signNote({ text, signatures: [] }, [{ key, sign }]))).toString('utf8');
}

function instantOf(hour: number): string {
  return new Date(hour * 3_600_000).toISOString();
}
