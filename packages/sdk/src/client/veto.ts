/** The owner says that a reset is not his (docs/spec/14-proving-directory.md, "Veto"). */
import type { VetoStatement } from '@latchkey/protocol';
import { ROUTES } from '@latchkey/protocol/wire';
import { KeyLogError } from '../directory/key-log/key-log-error.ts';
import { inForce, type Standing, type Waiting } from '../directory/history/standing.ts';
import { SdkError } from '../errors.ts';
import { HOUR_SECONDS } from '../hours.ts';
import { identitySigner } from '../signing/identity.ts';
import { signStatement } from '../signing/signed-statement.ts';
import { keepOwnStatements } from './own-statements.ts';
import { provePublished } from './prove-published.ts';
import type { Client } from './types.ts';

export interface AnnouncedReset {
  /** The version that announced it. */
  readonly version: number;
  /** Hash of the newest statement of the announced keys, 32 bytes. */
  readonly identity: Uint8Array;
  /** How long whoever sees it first now waits before taking it, seconds. */
  readonly holdSeconds: number;
  /** A second one by a kit that was vetoed before: it cannot be vetoed again. */
  readonly overrides: boolean;
}

/**
 * Other keys that somebody with a recovery kit of this account has announced, and that wait; null where there are none.
 *
 * @throws SdkError `key_log_missing`; KeyLogError where the own history does not hold for another reason; what the
 * directory throws
 */
export async function announcedReset(client: Client): Promise<AnnouncedReset | null> {
  const found = await foreignReset(client);
  return found === null ? null : described(found);
}

/**
 * Kills it: no sender ever takes it, and the own keys go on. Ends when the veto is proved to stand in the key log; cut
 * anywhere, the same call goes on.
 *
 * @throws SdkError `veto_needless`, `veto_spent`, `key_log_missing`; KeyLogError; what the directory and the wire throw
 */
export async function vetoReset(client: Client): Promise<AnnouncedReset> {
  const found = await foreignReset(client);
  if (found === null) throw new SdkError('veto_needless', 'there is nothing to veto');
  if (found.waiting.overrides) {
    throw new SdkError('veto_spent', 'the kit has announced these keys a second time: it has the last word');
  }
  const { wire, session, host, keys } = client;
  const { identity, signer } = keys.newest;
  const { announced } = found.waiting;
  const { last } = found.standing;
  const statement: VetoStatement = {
    kind: 'latchkey/veto/v1',
    address: client.address,
    version: last.version + 1,
    previous: last.hash,
    kills: announced,
    by: identity.party,
  };
  const note = await signStatement(statement, [identitySigner(identity.statement, signer)]);
  await wire.call(ROUTES.directoryUpdate, { statement: note }, { rights: { session } });
  await provePublished(host, client, { until: 'own_reset_announced' });
  await keepOwnStatements(client);
  return described(found);
}

interface ForeignReset {
  readonly standing: Standing;
  readonly waiting: Waiting;
}

function described({ standing, waiting: { announced, identity, overrides } }: ForeignReset): AnnouncedReset {
  const { holdHours } = inForce(standing).identity.statement;
  return { version: announced.version, identity: identity.hash, holdSeconds: holdHours * HOUR_SECONDS, overrides };
}

async function foreignReset(client: Client): Promise<ForeignReset | null> {
  const found = await client.directory.ownHistory();
  if (found === null) throw new SdkError('key_log_missing', 'this server has no key log: nothing was announced in it');
  const { refusal, standing } = found;
  if (refusal === null) return null;
  const waiting = standing?.waiting ?? null;
  if (refusal.reason !== 'own_reset_announced' || standing === null || waiting === null) throw new KeyLogError(refusal);
  return { standing, waiting };
}
