/**
 * Door `./login-server`: the server's half of OPAQUE (RFC 9807, ristretto255-SHA512). It never sees a password, and
 * what it stores cannot be guessed without the owner's account secret. docs/spec/06-wire.md, "Login".
 *
 * The library is synchronous WebAssembly: run these in a worker.
 */
import { ready, server } from '@serenity-kit/opaque';
import { CryptoError } from './errors.ts';

export interface LoginNames {
  /** The canonical address. */
  readonly client: string;
  /** The server's origin, as the client was told it when it first came. */
  readonly server: string;
}

export interface LoginServer {
  /** Static public key; clients pin it. */
  readonly publicKey: string;
  /** Answers a registration request. Keeps nothing. @throws CryptoError `login_message_malformed` */
  register(address: string, registrationRequest: string): string;
  /**
   * Answers a login. Without a record the answer looks the same and no finish will ever fit it.
   *
   * @param record null for an account that does not exist
   * @throws CryptoError `login_message_malformed`
   */
  start(names: LoginNames, record: string | null, startLoginRequest: string): LoginStarted;
  /** Whether the client knew the password. Broken messages are "no" too. */
  finish(names: LoginNames, state: string, finishLoginRequest: string): boolean;
}

export interface LoginStarted {
  readonly response: string;
  /** For `finish`, on this server only: not for the client's eyes. */
  readonly state: string;
}

/** Fresh long-term secrets: the seed of the OPRF and the static key. Whoever has them and the records can only guess. */
export async function createLoginSetup(): Promise<string> {
  await ready;
  return server.createSetup();
}

/** @throws CryptoError `argument_invalid` where the setup is not one that `createLoginSetup` made */
export async function loginServer(setup: string): Promise<LoginServer> {
  await ready;
  return {
    publicKey: orThrow('argument_invalid', 'the login setup is damaged', () => server.getPublicKey(setup)),
    register: (address, registrationRequest) =>
      orThrow(
        'login_message_malformed',
        'not a registration request',
        () =>
          server.createRegistrationResponse({ serverSetup: setup, userIdentifier: address, registrationRequest })
            .registrationResponse,
      ),
    start(names, record, startLoginRequest) {
      const { loginResponse, serverLoginState } = orThrow('login_message_malformed', 'not a login request', () =>
        server.startLogin({
          serverSetup: setup,
          userIdentifier: names.client,
          registrationRecord: record,
          startLoginRequest,
          identifiers: { client: names.client, server: names.server },
        }),
      );
      return { response: loginResponse, state: serverLoginState };
    },
    finish(names, serverLoginState, finishLoginRequest) {
      try {
        server.finishLogin({
          serverLoginState,
          finishLoginRequest,
          identifiers: { client: names.client, server: names.server },
        });
        return true;
      } catch {
        return false;
      }
    },
  };
}

function orThrow<T>(code: 'argument_invalid' | 'login_message_malformed', message: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new CryptoError(code, message, { cause });
  }
}
