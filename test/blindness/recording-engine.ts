import type { Engine } from '../../packages/crypto/src/engine/engine.ts';
import type { LoginClient } from '../../packages/crypto/src/login-client.ts';
import { secretMarker, type Marker } from './markers.ts';

export interface SecretRecord {
  readonly engine: Engine;
  readonly login: LoginClient;
  /** Each once, named by what it was used for. */
  readonly secrets: () => readonly Marker[];
}

const least = 16;

/** An engine and a login that keep every key, seed, shared secret and derived value that goes through them. */
export function recordSecrets(engine: Engine, login: LoginClient): SecretRecord {
  const kept = new Map<string, Marker>();
  const keep = (name: string, value: Uint8Array): void => {
    const hex = Buffer.from(value).toString('hex');
    if (value.length >= least && !kept.has(hex)) kept.set(hex, secretMarker(`${name} #${kept.size}`, value));
  };
  const keepResult = async <T extends Uint8Array | null>(name: string, work: T | Promise<T>): Promise<T> => {
    const value = await work;
    if (value !== null) keep(name, value);
    return value;
  };
  return {
    secrets: () => [...kept.values()],
    engine: {
      ...engine,
      hmacSha256(key, bytes) {
        keep('HMAC key', key);
        return engine.hmacSha256(key, bytes);
      },
      hkdfSha256(input) {
        keep('HKDF secret', input.secret);
        return keepResult(`HKDF ${Buffer.from(input.info).toString('latin1').slice(0, 24)}`, engine.hkdfSha256(input));
      },
      scrypt(input) {
        keep('passphrase', input.passphrase);
        return keepResult('scrypt', engine.scrypt(input));
      },
      aeadSeal(input) {
        keep('AEAD key', input.key);
        return engine.aeadSeal(input);
      },
      aeadOpen(input) {
        keep('AEAD key', input.key);
        return engine.aeadOpen(input);
      },
      x25519(secretKey, publicKey) {
        keep('X25519 scalar', secretKey);
        return keepResult('X25519 shared secret', engine.x25519(secretKey, publicKey));
      },
      x25519PublicKey(secretKey) {
        keep('X25519 scalar', secretKey);
        return engine.x25519PublicKey(secretKey);
      },
      async hybridKemKey(seed) {
        keep('KEM seed', seed);
        const key = await engine.hybridKemKey(seed);
        return {
          publicKey: key.publicKey,
          decapsulate: (encapsulation) => keepResult('KEM shared secret', key.decapsulate(encapsulation)),
        };
      },
      async hybridKemEncapsulate(publicKey) {
        const made = await engine.hybridKemEncapsulate(publicKey);
        if (made !== null) keep('KEM shared secret', made.sharedSecret);
        return made;
      },
      ed25519Key(seed) {
        keep('Ed25519 seed', seed);
        return engine.ed25519Key(seed);
      },
      mldsa44Key(seed) {
        keep('ML-DSA-44 seed', seed);
        return engine.mldsa44Key(seed);
      },
    },
    login: {
      async startRegistration(input) {
        keep('OPAQUE input', Buffer.from(input));
        const started = await login.startRegistration(input);
        // The blind; what follows it in the state is the request, which the server gets.
        keep('OPAQUE blind', Buffer.from(started.state, 'base64url').subarray(0, 32));
        return started;
      },
      async finishRegistration(given) {
        const finished = await login.finishRegistration(given);
        keep('export key', finished.exportKey);
        return finished;
      },
      async startLogin(input) {
        keep('OPAQUE input', Buffer.from(input));
        const started = await login.startLogin(input);
        keep('OPAQUE blind', Buffer.from(started.state, 'base64url').subarray(0, 32));
        return started;
      },
      async finishLogin(given) {
        const finished = await login.finishLogin(given);
        if (finished !== null) keep('export key', finished.exportKey);
        return finished;
      },
    },
  };
}
