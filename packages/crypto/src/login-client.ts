/**
 * Door `./login-client`: the client's half of OPAQUE (RFC 9807, ristretto255-SHA512, Argon2id). Parameters and
 * identifiers are constants of this file; nothing of them comes from the server. docs/spec/05-account.md, "Login".
 *
 * The library is synchronous WebAssembly and takes about a third of a second: run these in a worker.
 */
import { base64urlnopad } from '@scure/base';
import { client, ready } from '@serenity-kit/opaque';
import { CryptoError } from './errors.ts';

/** 64 MiB, three passes, one lane, zero salt, 64 bytes. Part of the format: another value is another password. */
const KEY_STRETCHING = { 'argon2id-custom': { memory: 65_536, iterations: 3, parallelism: 1 } } as const;

/** RFC 9807, ristretto255-SHA512: sizes of RegistrationResponse, KE2 and of the export key. */
const REGISTRATION_RESPONSE_BYTES = 64;
const LOGIN_RESPONSE_BYTES = 320;

export interface LoginNames {
  /** The canonical address. */
  readonly client: string;
  /** The server's origin. */
  readonly server: string;
}

export interface LoginClient {
  /** @param input the password input of docs/spec/05-account.md, never a bare password */
  startRegistration(input: string): Promise<{ readonly state: string; readonly request: string }>;
  /** `exportKey` 64 bytes, known to this client alone. @throws CryptoError `login_message_malformed` */
  finishRegistration(given: FinishRegistration): Promise<RegistrationFinished>;
  startLogin(input: string): Promise<{ readonly state: string; readonly request: string }>;
  /**
   * Null where the input is wrong, or the answer is not from a server that has a record of it.
   *
   * @throws CryptoError `login_message_malformed`
   */
  finishLogin(given: FinishLogin): Promise<LoginFinished | null>;
}

export interface FinishRegistration {
  readonly input: string;
  readonly state: string;
  readonly response: string;
  readonly names: LoginNames;
}

export interface RegistrationFinished {
  readonly record: string;
  readonly exportKey: Uint8Array;
  /** The server's static public key, to compare with the pinned one. */
  readonly serverKey: string;
}

export interface FinishLogin {
  readonly input: string;
  readonly state: string;
  readonly response: string;
  readonly names: LoginNames;
}

export interface LoginFinished {
  readonly finish: string;
  readonly exportKey: Uint8Array;
  /** The server's static public key, authenticated by this login, to compare with the pinned one. */
  readonly serverKey: string;
}

/** Loads the library once; all calls are then synchronous work behind a promise. */
export async function loginClient(): Promise<LoginClient> {
  await ready;
  return { startRegistration, finishRegistration, startLogin, finishLogin };
}

async function startRegistration(input: string): ReturnType<LoginClient['startRegistration']> {
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password: input });
  return { state: clientRegistrationState, request: registrationRequest };
}

async function finishRegistration(given: FinishRegistration): Promise<RegistrationFinished> {
  requireMessage(given.response, REGISTRATION_RESPONSE_BYTES);
  const { registrationRecord, exportKey, serverStaticPublicKey } = orMalformed(() =>
    client.finishRegistration({
      password: given.input,
      clientRegistrationState: given.state,
      registrationResponse: given.response,
      identifiers: { client: given.names.client, server: given.names.server },
      keyStretching: KEY_STRETCHING,
    }),
  );
  return { record: registrationRecord, exportKey: decoded(exportKey), serverKey: serverStaticPublicKey };
}

async function startLogin(input: string): ReturnType<LoginClient['startLogin']> {
  const { clientLoginState, startLoginRequest } = client.startLogin({ password: input });
  return { state: clientLoginState, request: startLoginRequest };
}

async function finishLogin(given: FinishLogin): Promise<LoginFinished | null> {
  requireMessage(given.response, LOGIN_RESPONSE_BYTES);
  const finished = orMalformed(() =>
    client.finishLogin({
      password: given.input,
      clientLoginState: given.state,
      loginResponse: given.response,
      identifiers: { client: given.names.client, server: given.names.server },
      keyStretching: KEY_STRETCHING,
    }),
  );
  if (finished === undefined) return null;
  const { finishLoginRequest, exportKey, serverStaticPublicKey } = finished;
  return { finish: finishLoginRequest, exportKey: decoded(exportKey), serverKey: serverStaticPublicKey };
}

/** The library is strict about base64url, but passes over bytes behind a message: here a message has one length. */
function requireMessage(text: string, lengthBytes: number): void {
  if (text.length !== Math.ceil((lengthBytes * 4) / 3)) {
    throw new CryptoError('login_message_malformed', 'not an answer of this step of a login');
  }
}

function decoded(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(base64urlnopad.decode(text));
}

function orMalformed<T>(work: () => T): T {
  try {
    return work();
  } catch {
    // The cause is not passed on: the library's messages may tell of what it was given.
    throw new CryptoError('login_message_malformed', 'not a message of this login');
  }
}
