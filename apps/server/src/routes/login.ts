import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Handlers } from '../http/call.ts';
import { actingIdentity } from '../login/acting-keys.ts';
import { parseAct, recoveryKeyName, recoveryKeysHash, signedBy } from '../login/identity.ts';
import type { Services } from '../services.ts';
import { Refused } from '../store/refused.ts';
import { hourOf } from '../times.ts';
import { canonicalOrRefused } from './canonical.ts';
import { openSession } from './open-session.ts';

type Names = 'loginStart' | 'loginFinish' | 'kitStart' | 'kitFinish';

/** How long the halves of a login may lie apart. */
const stateMs = 120_000;

const loginState = v.strictObject({ address: v.string(), state: v.string(), untilMs: v.number() });
const kitState = v.strictObject({ address: v.string(), nonce: v.string(), untilMs: v.number() });

export const loginHandlers: Pick<Handlers, Names> = {
  async loginStart({ services, input }) {
    const address = canonicalOrRefused(input.address);
    services.limits.take('login', address);
    const row = await services.store.db
      .selectFrom('account')
      .innerJoin('login', 'login.account', 'account.id')
      .select('login.record')
      .where('account.address', '=', address)
      .where('account.state', '!=', 'gone')
      .where('login.kind', '=', 'password')
      .executeTakeFirst();
    const names = { client: address, server: services.origin };
    const started = await services.login.start(names, row?.record ?? null, input.request);
    if (started === null) throw new Refused('request_malformed');
    const untilMs = services.store.clock() + stateMs;
    return {
      response: started.response,
      state: services.seal.seal('login', { address, state: started.state, untilMs }),
    };
  },

  async loginFinish({ services, input }) {
    const opened = v.safeParse(loginState, services.seal.open('login', input.state));
    if (!opened.success || opened.output.untilMs < services.store.clock()) throw new Refused('login_refused');
    const { address, state } = opened.output;
    const names = { client: address, server: services.origin };
    if (!(await services.login.finish(names, state, input.finish))) throw new Refused('login_refused');
    return { token: await openSession(services, await accountOf(services, address), input.session) };
  },

  kitStart({ services, input }) {
    const address = canonicalOrRefused(input.address);
    services.limits.take('login', address);
    const nonce = randomBytes(32);
    const untilMs = services.store.clock() + stateMs;
    const state = services.seal.seal('kit', { address, nonce: nonce.toString('base64url'), untilMs });
    return { nonce: new Uint8Array(nonce), state };
  },

  async kitFinish({ services, input }) {
    const opened = v.safeParse(kitState, services.seal.open('kit', input.state));
    if (!opened.success || opened.output.untilMs < services.store.clock()) throw new Refused('login_refused');
    const { address, nonce } = opened.output;
    const act = parseAct(input.act);
    const account = await services.store.db
      .selectFrom('account')
      .select('id')
      .where('address', '=', address)
      .where('state', '!=', 'gone')
      .executeTakeFirst();
    const identity = account === undefined ? null : await actingIdentity(services.store, account.id);
    const keysHash = recoveryKeysHash(input.recovery);
    const isOwn = identity?.recovery.by === 'kit' && Buffer.compare(identity.recovery.keysHash, keysHash) === 0;
    if (
      act === null ||
      !isOwn ||
      act.statement.action !== 'log-in' ||
      act.statement.account !== address ||
      act.statement.origin !== services.origin ||
      Buffer.from(act.statement.nonce).toString('base64url') !== nonce ||
      Math.abs(hourOf(services.store.clock()) - hourOf(act.statement.hourSeconds * 1_000)) > 1 ||
      !(await signedBy(recoveryKeyName(input.recovery), input.recovery, act.note))
    ) {
      throw new Refused('login_refused');
    }
    return { token: await openSession(services, await accountOf(services, address), input.session) };
  },
};

async function accountOf({ store }: Services, address: string): Promise<Uint8Array> {
  const row = await store.db
    .selectFrom('account')
    .select(['id', 'state'])
    .where('address', '=', address)
    .executeTakeFirst();
  if (row === undefined || row.state === 'gone') throw new Refused('login_refused');
  if (row.state === 'suspended') throw new Refused('account_suspended');
  return row.id;
}
