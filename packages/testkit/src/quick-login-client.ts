import { client, ready } from '@serenity-kit/opaque';

/** What Argon2id takes at least: nothing that anybody should have for a password. */
const KEY_STRETCHING = { 'argon2id-custom': { memory: 8, iterations: 1, parallelism: 1 } } as const;

interface Given {
  readonly input: string;
  readonly state: string;
  readonly response: string;
  readonly names: { readonly client: string; readonly server: string };
}

/**
 * The real OPAQUE with a stretching of the password that costs nothing: for tests of what an account does, which log in
 * some hundred times. Each device of such a test must have it. What the stretching is, and that a login ends where a
 * message of it is changed, is tested with the true one (`@latchkey/crypto/login-client`, the terminal, the browser).
 */
export async function quickLoginClient(): Promise<QuickLoginClient> {
  await ready;
  return { startRegistration, finishRegistration, startLogin, finishLogin };
}

/** The shape of the sdk's port. */
export interface QuickLoginClient {
  startRegistration(input: string): Promise<{ readonly state: string; readonly request: string }>;
  finishRegistration(
    given: Given,
  ): Promise<{ readonly record: string; readonly exportKey: Uint8Array; readonly serverKey: string }>;
  startLogin(input: string): Promise<{ readonly state: string; readonly request: string }>;
  finishLogin(
    given: Given,
  ): Promise<{ readonly finish: string; readonly exportKey: Uint8Array; readonly serverKey: string } | null>;
}

async function startRegistration(input: string): ReturnType<QuickLoginClient['startRegistration']> {
  const { clientRegistrationState: state, registrationRequest } = client.startRegistration({ password: input });
  return { state, request: registrationRequest };
}

async function finishRegistration(given: Given): ReturnType<QuickLoginClient['finishRegistration']> {
  const { registrationRecord, exportKey, serverStaticPublicKey } = client.finishRegistration({
    password: given.input,
    clientRegistrationState: given.state,
    registrationResponse: given.response,
    identifiers: given.names,
    keyStretching: KEY_STRETCHING,
  });
  return { record: registrationRecord, exportKey: bytesOf(exportKey), serverKey: serverStaticPublicKey };
}

async function startLogin(input: string): ReturnType<QuickLoginClient['startLogin']> {
  const { clientLoginState: state, startLoginRequest } = client.startLogin({ password: input });
  return { state, request: startLoginRequest };
}

async function finishLogin(given: Given): ReturnType<QuickLoginClient['finishLogin']> {
  const finished = client.finishLogin({
    password: given.input,
    clientLoginState: given.state,
    loginResponse: given.response,
    identifiers: given.names,
    keyStretching: KEY_STRETCHING,
  });
  if (finished === undefined) return null;
  const { finishLoginRequest, exportKey, serverStaticPublicKey } = finished;
  return { finish: finishLoginRequest, exportKey: bytesOf(exportKey), serverKey: serverStaticPublicKey };
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64url'));
}
