/**
 * Door `./login-client`: the client's half of OPAQUE (RFC 9807, ristretto255-SHA512, Argon2id). Parameters and
 * identifiers are constants of this file; nothing of them comes from the server. docs/spec/05-account.md, "Login".
 *
 * The library is synchronous WebAssembly and takes about a third of a second: run these in a worker.
 */

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
  /** Null where the input is wrong, or the answer is not from a server that has a record of it. */
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
