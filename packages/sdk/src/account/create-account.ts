/** The wire half of a registration (docs/spec/05-account.md, "Registration"). */
import { accountIdOf, kitKek, kitKeys, passwordInput, passwordKek, sealRescue } from '@latchkey/crypto';
import { ROUTES, type RequestOf } from '@latchkey/protocol/wire';
import { SdkError } from '../errors.ts';
import type { ClientHost, Wire } from '../ports.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { parseSigned } from '../signing/signed-statement.ts';
import type { StatementMark } from '../signing/types.ts';
import { makeFirstIdentity } from './identity-keys.ts';
import { wrapLatch } from './latches.ts';
import { malformedLogin, newSession } from './password-login.ts';
import type { RegistrationPlan } from './profile-file-types.ts';
import { requireServerKey } from './server-facts.ts';

/** Of the first vault root. */
export const FIRST_GENERATION = 1;

type FinishRequest = RequestOf<(typeof ROUTES)['registerFinish']>;

export interface NewLogin {
  /** OPAQUE's registration record. */
  readonly record: string;
  readonly exportKey: Uint8Array;
}

/** @throws SdkError `login_server_changed`, `answer_malformed` */
export async function makeLogin(
  host: ClientHost,
  owner: Pick<RegistrationPlan, 'address' | 'origin' | 'serverKey' | 'accountSecret'> & { readonly password: string },
  ask: (request: string) => Promise<{ readonly response: string }>,
): Promise<NewLogin> {
  const { address, origin, serverKey, accountSecret, password } = owner;
  const input = await passwordInput(host.engine, { accountSecret, password, address, origin });
  const { state, request } = await host.login.startRegistration(input);
  const { response } = await ask(request);
  try {
    const names = { client: address, server: origin };
    const finished = await host.login.finishRegistration({ input, state, response, names });
    requireServerKey(finished.serverKey, serverKey);
    return { record: finished.record, exportKey: finished.exportKey };
  } catch (error) {
    throw malformedLogin(error);
  }
}

export interface PreparedAccount {
  readonly request: FinishRequest;
  /** With the identity that follows what stands under the address already, where something does. */
  readonly plan: RegistrationPlan;
}

/**
 * Everything that the server is to keep of a new account. Nothing is made on the server before it is sent.
 *
 * @throws SdkError `address_reissued` where it was somebody else's, and the owner has not said that this is known
 * @throws SdkError `login_server_changed`; RefusedError `registration_closed`, `invitation_invalid`, `address_refused`,
 * `address_taken`; CryptoError `password_unfit`
 */
export async function prepareAccount(
  host: ClientHost,
  wire: Wire,
  {
    plan: begun,
    password,
    reissued,
  }: { readonly plan: RegistrationPlan; readonly password: string; readonly reissued: boolean },
): Promise<PreparedAccount> {
  const { address, invitation } = begun;
  let follows: StatementMark | null = null;
  const login = await makeLogin(host, { ...begun, password }, async (request) => {
    const answer = await wire.call(ROUTES.registerStart, { address, invitation, request });
    follows = answer.follows;
    return answer;
  });
  try {
    if (follows !== null && !reissued) {
      throw new SdkError('address_reissued', 'this address was somebody else’s');
    }
    const plan = await following(host, begun, follows);
    const latches = [await passwordLatch(host, plan, login.exportKey), await kitLatch(host, plan)];
    const { note: statement } = plan.identity;
    const session = newSession(plan.device);
    return { plan, request: { address, invitation, record: login.record, statement, latches, session } };
  } finally {
    login.exportKey.fill(0);
  }
}

/** The identity again, where the address has a history: it must name what it follows. */
async function following(
  host: ClientHost,
  plan: RegistrationPlan,
  last: StatementMark | null,
): Promise<RegistrationPlan> {
  const { address, kit } = plan;
  const { statement } = parseSigned('latchkey/identity/v1', plan.identity.note);
  const isSame = last === null ? statement.previous === null : equalBytes(statement.previous ?? NOTHING, last.hash);
  if (isSame) return plan;
  const { recoverySeeds, recoveryKeysHash } = await kitKeys(host.engine, kit);
  recoverySeeds.ed25519.fill(0);
  recoverySeeds.mldsa44.fill(0);
  return { ...plan, identity: await makeFirstIdentity(host, { address, recoveryKeysHash, last }) };
}

const NOTHING = new Uint8Array(0);

async function passwordLatch(
  host: ClientHost,
  { address, origin, accountSecret, root, passwordLatch: id }: RegistrationPlan,
  exportKey: Uint8Array,
): Promise<FinishRequest['latches'][number]> {
  const account = await accountIdOf(host.engine, { address, origin });
  const generation = FIRST_GENERATION;
  const kek = await passwordKek(host.engine, { exportKey, accountSecret, address, generation });
  const kind = 'password';
  const wrapped = await wrapLatch(host, { root, kek }, { account, latch: id, kind, generation });
  return { id, kind, generation, wrapped, rescue: null };
}

async function kitLatch(
  host: ClientHost,
  { address, origin, root, kit, kitLatch: id, identity }: RegistrationPlan,
): Promise<FinishRequest['latches'][number]> {
  const account = await accountIdOf(host.engine, { address, origin });
  const generation = FIRST_GENERATION;
  const kek = await kitKek(host.engine, kit, { address, generation });
  const kind = 'kit';
  const wrapped = await wrapLatch(host, { root, kek }, { account, latch: id, kind, generation });
  const { rescueRecipient: recipient, recoverySeeds } = await kitKeys(host.engine, kit);
  recoverySeeds.ed25519.fill(0);
  recoverySeeds.mldsa44.fill(0);
  const { version } = parseSigned('latchkey/identity/v1', identity.note).statement;
  const versions = [{ version, identity: identity.seal }];
  return { id, kind, generation, wrapped, rescue: await sealRescue(host.engine, { recipient, address, versions }) };
}
