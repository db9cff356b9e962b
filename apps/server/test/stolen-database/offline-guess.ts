/**
 * What somebody does who has the whole data folder and wants a password: run the login on a machine of their own, as fast
 * as they can, with nobody to slow them down. They have the OPRF's seed and the record, so that a guess is right or
 * wrong without asking anyone.
 */
import { loginServer, type LoginNames, type LoginServer } from '@latchkey/crypto/login-server';
import { client, ready } from '@serenity-kit/opaque';

type Client = typeof client;
export type Stretching = NonNullable<Parameters<Client['finishRegistration']>[0]['keyStretching']>;

/** The client's constant: docs/spec/05-account.md, "Login". */
export const realStretching: Stretching = { 'argon2id-custom': { memory: 65_536, iterations: 3, parallelism: 1 } };
/** A thousandth of it. A thief for whom Argon2id costs nothing is stronger than any there is. */
export const cheapStretching: Stretching = { 'argon2id-custom': { memory: 64, iterations: 1, parallelism: 1 } };

export interface Stolen {
  readonly names: LoginNames;
  /** From secrets/opaque-setup. */
  readonly setup: string;
  /** From the table `login`. */
  readonly record: string;
  readonly stretching: Stretching;
}

export interface Guesser {
  /** Whether this is what OPAQUE was given as the password. */
  isInput(input: string): boolean;
  /** OPAQUE's export key, for an input that is right. */
  exportKey(input: string): Uint8Array | null;
}

const publicKeyBytes = 32;
const maskingKeyBytes = 64;

export async function guesser({ names, setup, record, stretching }: Stolen): Promise<Guesser> {
  await ready;
  const own = await loginServer(setup);
  const wanted = maskingKey(record);
  const identifiers = { client: names.client, server: names.server };
  return {
    isInput(input) {
      const { clientRegistrationState, registrationRequest } = client.startRegistration({ password: input });
      const registrationResponse = own.register(names.client, registrationRequest);
      const again = client.finishRegistration({
        password: input,
        clientRegistrationState,
        registrationResponse,
        identifiers,
        keyStretching: stretching,
      });
      // RFC 9807, section 4.1.2: the masking key depends on the OPRF's output alone, stretched.
      return maskingKey(again.registrationRecord) === wanted;
    },
    exportKey: (input) => exportKeyOf({ own, names, record, stretching }, input),
  };
}

function exportKeyOf(
  { own, names, record, stretching }: Omit<Stolen, 'setup'> & { readonly own: LoginServer },
  input: string,
): Uint8Array | null {
  const { clientLoginState, startLoginRequest } = client.startLogin({ password: input });
  const { response } = own.start(names, record, startLoginRequest);
  const finished = client.finishLogin({
    password: input,
    clientLoginState,
    loginResponse: response,
    identifiers: { client: names.client, server: names.server },
    keyStretching: stretching,
  });
  return finished === undefined ? null : new Uint8Array(Buffer.from(finished.exportKey, 'base64url'));
}

function maskingKey(record: string): string {
  const bytes = Buffer.from(record, 'base64url');
  return bytes.subarray(publicKeyBytes, publicKeyBytes + maskingKeyBytes).toString('hex');
}
