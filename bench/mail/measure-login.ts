import { createRequire } from 'node:module';
import { loginClient } from '@latchkey/crypto/login-client';
import { createLoginSetup, loginServer } from '@latchkey/crypto/login-server';
import { ROUTES } from '../../packages/protocol/src/wire/index.ts';
import type { Wire } from '../../packages/sdk/src/ports.ts';
import { median } from '../median.ts';
import type { Bench } from './bench.ts';
import { newPerson } from './new-person.ts';
import { startServerProcess } from './server-process.ts';

export interface LoginFigures {
  readonly loginMs: number;
  /** With the same library and the same parameters: what a registration takes with it, less what it takes without. */
  readonly argon2idMs: number;
  /** Median of the pairs: the login in units of its Argon2id. */
  readonly ratio: number;
}

const INPUT = 'a password input';
const ADDRESS = 'alice@localhost';
/** docs/spec/05-account.md, "Login". */
const REAL_COST = { memory: 65_536, iterations: 3, parallelism: 1 };
const NO_COST = { memory: 8, iterations: 1, parallelism: 1 };

/** As much of the library as is timed here. */
interface Opaque {
  readonly ready: Promise<void>;
  readonly client: {
    startRegistration(given: { password: string }): { clientRegistrationState: string; registrationRequest: string };
    finishRegistration(given: {
      password: string;
      clientRegistrationState: string;
      registrationResponse: string;
      identifiers: { client: string; server: string };
      keyStretching: { 'argon2id-custom': typeof REAL_COST };
    }): unknown;
  };
}

/** A login over HTTP, from the password input to the session's token, beside the Argon2id in it. */
export async function measureLogin(bench: Bench): Promise<LoginFigures> {
  // The library is crypto's dependency, not ours.
  const { client, ready } = createRequire(new URL('../../packages/crypto/package.json', import.meta.url))(
    '@serenity-kit/opaque',
  ) as Opaque;
  await ready;
  const names = { client: ADDRESS, server: 'http://localhost' };
  const half = await loginServer(await createLoginSetup());
  const registrationMs = (cost: typeof REAL_COST): number => {
    const { clientRegistrationState, registrationRequest } = client.startRegistration({ password: INPUT });
    const registrationResponse = half.register(ADDRESS, registrationRequest);
    const startMs = performance.now();
    client.finishRegistration({
      password: INPUT,
      clientRegistrationState,
      registrationResponse,
      identifiers: names,
      keyStretching: { 'argon2id-custom': cost },
    });
    return performance.now() - startMs;
  };

  const server = await startServerProcess();
  try {
    const wire = bench.host.connect(server.origin);
    const login = await newLogin(bench, wire);
    const rounds: { loginMs: number; argonMs: number }[] = [];
    for (let round = 0; round <= bench.pairs; round++) {
      const loginMs = await login();
      const argonMs = registrationMs(REAL_COST) - registrationMs(NO_COST);
      if (round > 0) rounds.push({ loginMs, argonMs });
      bench.say(`login ${loginMs.toFixed(0)} ms, Argon2id ${argonMs.toFixed(0)} ms`);
    }
    return {
      loginMs: median(rounds.map(({ loginMs }) => loginMs)),
      argon2idMs: median(rounds.map(({ argonMs }) => argonMs)),
      ratio: median(rounds.map(({ loginMs, argonMs }) => loginMs / argonMs)),
    };
  } finally {
    await server.stop();
  }
}

/** Registers, and gives what logs in and says how long that took. */
async function newLogin({ host: { engine } }: Bench, wire: Wire): Promise<() => Promise<number>> {
  const client = await loginClient();
  const names = { client: ADDRESS, server: wire.origin };
  const session = { name: new Uint8Array(40), device: engine.randomBytes(16) };
  const registration = await client.startRegistration(INPUT);
  const request = { address: ADDRESS, invitation: null };
  const { response } = await wire.call(ROUTES.registerStart, { ...request, request: registration.request });
  const { record } = await client.finishRegistration({ input: INPUT, state: registration.state, response, names });
  const { identity } = await newPerson(engine, ADDRESS);
  const latch = {
    id: engine.randomBytes(16),
    kind: 'password',
    generation: 1,
    wrapped: new Uint8Array(81),
    rescue: null,
  } as const;
  await wire.call(ROUTES.registerFinish, { ...request, record, statement: identity.note, latches: [latch], session });
  return async () => {
    const startMs = performance.now();
    const start = await client.startLogin(INPUT);
    const started = await wire.call(ROUTES.loginStart, { address: ADDRESS, request: start.request });
    const given = { input: INPUT, state: start.state, response: started.response, names };
    const finished = await client.finishLogin(given);
    if (finished === null) throw new Error('the login was not finished');
    await wire.call(ROUTES.loginFinish, { state: started.state, finish: finished.finish, session });
    return performance.now() - startMs;
  };
}
