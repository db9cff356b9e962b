/** An owner as far as the server is concerned: real keys, real OPAQUE, and random bytes where a client would seal. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { hybridSigner, type HybridSigner } from '@latchkey/crypto/sign';
import {
  formatStatement,
  identityKeyName,
  parseAddress,
  parseStatement,
  statementHash,
  type Action,
  type IdentityStatement,
} from '@latchkey/protocol';
import { ed25519NoteType, formatNote, mldsa44NoteType, signNote, verifierKey, type NoteSigner } from '@latchkey/tlog';
import { client, ready } from '@serenity-kit/opaque';
import { recoveryKeyName, recoveryKeysHash } from '../src/login/identity.ts';
import { randomHeader, WireClient } from '../src/testing/index.ts';

await ready;

const sealRecipient = ((): string => {
  const vector = JSON.parse(
    readFileSync(new URL('../../../vectors/statements/identity.json', import.meta.url), 'utf8'),
  ) as { accept: { text: string }[] };
  const statement = parseStatement(vector.accept[0]?.text ?? '');
  if (statement.kind !== 'latchkey/identity/v1') throw new Error('the vector is no identity statement');
  return statement.seal;
})();

const keyStretching = { 'argon2id-custom': { memory: 1_024, iterations: 1, parallelism: 1 } } as const;

export const id = (): Uint8Array => new Uint8Array(randomBytes(16));
export const bytes = (lengthBytes: number): Uint8Array => new Uint8Array(randomBytes(lengthBytes));
export const newSession = (): { name: Uint8Array; device: Uint8Array } => ({ name: bytes(40), device: id() });

export interface TestOwner {
  readonly address: string;
  readonly password: string;
  readonly wire: WireClient;
  readonly identity: IdentityStatement;
  readonly keys: HybridSigner;
  readonly kit: HybridSigner;
}

export async function register(
  origin: string,
  address: string,
  options: { invitation?: string; password?: string; connectTo?: string } = {},
): Promise<TestOwner> {
  const invitation = options.invitation ?? null;
  const password = options.password ?? randomBytes(32).toString('base64url');
  const wire = new WireClient(options.connectTo ?? origin);
  const [keys, kit] = [await newKeys(), await newKeys()];
  const identity = identityOf(address, { keys, kit, previous: null });
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const { response } = await wire.call('registerStart', { address, invitation, request: registrationRequest });
  const { registrationRecord } = client.finishRegistration({
    clientRegistrationState,
    registrationResponse: response,
    password,
    identifiers: { client: address, server: origin },
    keyStretching,
  });
  const { token } = await wire.call('registerFinish', {
    address,
    invitation,
    record: registrationRecord,
    statement: await signed(formatStatement(identity), [signersOf(identityKeyName(identity), keys)]),
    latches: [latch('password'), { ...latch('kit'), rescue: bytes(500) }],
    session: newSession(),
  });
  wire.authorization = `Bearer ${token}`;
  return { address, password, wire, identity, keys, kit };
}

export const logIn = (origin: string, address: string, password: string): Promise<WireClient> =>
  logInAt(origin, { origin, address, password });

/** At a server that is not where its origin says. */
export async function logInAt(
  connectTo: string,
  { origin, address, password }: { origin: string; address: string; password: string },
): Promise<WireClient> {
  const wire = new WireClient(connectTo);
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  const { response, state } = await wire.call('loginStart', { address, request: startLoginRequest });
  const finished = client.finishLogin({
    clientLoginState,
    loginResponse: response,
    password,
    identifiers: { client: address, server: origin },
    keyStretching,
  });
  // A client with the wrong password has nothing to send; one that lies sends anything.
  const finish = finished?.finishLoginRequest ?? randomBytes(64).toString('base64url');
  const { token } = await wire.call('loginFinish', { state, finish, session: newSession() });
  wire.authorization = `Bearer ${token}`;
  return wire;
}

export async function newKeys(): Promise<HybridSigner> {
  return hybridSigner(nodeEngine, { ed25519: bytes(32), mldsa44: bytes(32) });
}

export function latch(kind: 'password' | 'kit' | 'passkey'): {
  id: Uint8Array;
  kind: 'password' | 'kit' | 'passkey';
  generation: number;
  wrapped: Uint8Array;
  rescue: Uint8Array | null;
} {
  return { id: id(), kind, generation: 1, wrapped: bytes(60), rescue: null };
}

export interface NewIdentity {
  readonly keys: HybridSigner;
  readonly kit: HybridSigner;
  readonly previous: IdentityStatement | null;
}

export function identityOf(address: string, { keys, kit, previous }: NewIdentity): IdentityStatement {
  return {
    kind: 'latchkey/identity/v1',
    address: parseAddress(address),
    version: previous === null ? 0 : previous.version + 1,
    previous: previous === null ? null : statementHash(previous),
    ...keys.publicKey,
    seal: sealRecipient,
    recovery: { by: 'kit', keysHash: recoveryKeysHash(kit.publicKey) },
    holdHours: 72,
    vault: bytes(32),
  };
}

/** A signed note by all of these. */
export async function signed(text: string, signers: readonly (readonly NoteSigner[])[]): Promise<string> {
  const note = await signNote({ text, signatures: [] }, signers.flat());
  return Buffer.from(formatNote(note)).toString('utf8');
}

export function signersOf(name: string, keys: HybridSigner): readonly NoteSigner[] {
  return [
    {
      key: verifierKey(name, ed25519NoteType, keys.publicKey.ed25519),
      sign: async (message) => (await keys.sign(message)).ed25519,
    },
    {
      key: verifierKey(name, mldsa44NoteType, keys.publicKey.mldsa44),
      sign: async (message) => (await keys.sign(message)).mldsa44,
    },
  ];
}

/** A fresh act, with a nonce fetched from the server unless one is given. */
export async function act(owner: TestOwner, action: Action, nonce?: Uint8Array): Promise<string> {
  const used = nonce ?? (await owner.wire.call('accountNonce', {})).nonce;
  const isKit = action === 'log-in';
  const name = isKit ? recoveryKeyName(owner.kit.publicKey) : identityKeyName(owner.identity);
  const text = formatStatement({
    kind: 'latchkey/act/v1',
    action,
    account: parseAddress(owner.address),
    origin: owner.wire.origin,
    nonce: used,
    hourSeconds: Math.floor(Date.now() / 3_600_000) * 3_600,
  });
  return signed(text, [signersOf(name, isKit ? owner.kit : owner.keys)]);
}

export async function pass(owner: TestOwner): Promise<string> {
  const { passes } = await owner.wire.call('passesIssue', { count: 1 });
  return `Pass ${passes[0] ?? ''}`;
}

/** Puts a blob and delivers it; a small mail. */
export async function send(from: TestOwner, to: readonly string[], body = bytes(1_000)): Promise<readonly string[]> {
  const { blob } = await from.wire.put('holdsPut', { hold: id() }, body);
  const recipients = to.map((address) => ({ address, key: id(), headers: [randomHeader()], part: bytes(1_040) }));
  const { answers } = await from.wire.call('deliver', { blobs: [blob], recipients }, await pass(from));
  return answers;
}
