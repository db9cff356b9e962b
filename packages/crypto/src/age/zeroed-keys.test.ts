// docs/spec/01-item.md: secret bytes are zeroed when done. Every array that an engine was given or gave as a secret
// while a file key was wrapped and unwrapped is looked at afterwards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patternBytes } from '../../test/streams.ts';
import type { Engine } from '../engine/engine.ts';
import { nobleEngine } from '../engine/noble-engine.ts';
import { asciiBytes } from './bytes.ts';
import { type Identity, generateIdentity, recipientOf } from './identity.ts';
import { openHeader } from './open-header.ts';
import type { Recipient } from './recipient.ts';
import { sealHeader } from './seal-header.ts';

interface Watched {
  readonly engine: Engine;
  /** Secrets by the operation that was given them, or gave them. */
  readonly secrets: Map<Uint8Array, string>;
}

/** An engine that remembers every secret array itself, not a copy. `mine` are those that belong to the caller. */
function watch(mine: readonly Uint8Array[]): Watched {
  const secrets = new Map<Uint8Array, string>();
  const saw = (operation: string, secret: Uint8Array): void => {
    if (!mine.some((array) => array.buffer === secret.buffer)) secrets.set(secret, operation);
  };
  const engine: Engine = {
    ...nobleEngine,
    async hmacSha256(key, bytes) {
      saw('key of an HMAC', key);
      const result = await nobleEngine.hmacSha256(key, bytes);
      // The MAC of the header is no secret: it stands in the file.
      if (!Buffer.from(bytes).includes('age-encryption.org/v1')) saw('result of an HMAC', result);
      return result;
    },
    async hkdfSha256(input) {
      saw('secret of an HKDF', input.secret);
      const result = await nobleEngine.hkdfSha256(input);
      saw('result of an HKDF', result);
      return result;
    },
    async scrypt(input) {
      const result = await nobleEngine.scrypt(input);
      saw('result of scrypt', result);
      return result;
    },
    aeadSeal(input) {
      saw('key of an AEAD', input.key);
      return nobleEngine.aeadSeal(input);
    },
    aeadOpen(input) {
      saw('key of an AEAD', input.key);
      return nobleEngine.aeadOpen(input);
    },
    async x25519(secretKey, publicKey) {
      saw('secret key of X25519', secretKey);
      const result = await nobleEngine.x25519(secretKey, publicKey);
      if (result !== null) saw('result of X25519', result);
      return result;
    },
    async hybridKemEncapsulate(publicKey) {
      const result = await nobleEngine.hybridKemEncapsulate(publicKey);
      if (result !== null) saw('shared secret of a sealer', result.sharedSecret);
      return result;
    },
    async hybridKemKey(seed) {
      const key = await nobleEngine.hybridKemKey(seed);
      return {
        publicKey: key.publicKey,
        async decapsulate(encapsulation) {
          const result = await key.decapsulate(encapsulation);
          if (result !== null) saw('shared secret of an opener', result);
          return result;
        },
      };
    },
  };
  return { engine, secrets };
}

const hybrid = generateIdentity(nobleEngine);
const classical = generateIdentity(nobleEngine, 'X25519');
const passphrase = asciiBytes('a passphrase');

const pairs: readonly { readonly recipient: Recipient; readonly identity: Identity; readonly mine: Uint8Array }[] = [
  { recipient: await recipientOf(nobleEngine, hybrid), identity: hybrid, mine: hybrid.secret },
  { recipient: await recipientOf(nobleEngine, classical), identity: classical, mine: classical.secret },
  { recipient: { kind: 'scrypt', passphrase, logN: 2 }, identity: { kind: 'scrypt', passphrase }, mine: passphrase },
];

for (const { recipient, identity, mine } of pairs) {
  test(`${recipient.kind}: wrapping and unwrapping leave no secret behind but the caller's own`, async () => {
    const fileKey = patternBytes(16);
    const sealing = watch([fileKey, mine]);
    const header = await sealHeader(sealing.engine, { fileKey, recipients: [recipient], wrappedBefore: [] });
    const opening = watch([mine]);
    const opened = await openHeader(opening.engine, { header, identities: [identity] });
    assert.deepEqual(opened?.fileKey, patternBytes(16));
    for (const { secrets } of [sealing, opening]) {
      // At least the wrap key and the key of the header MAC.
      assert.ok(secrets.size >= 2);
      for (const [secret, operation] of secrets) {
        if (secret === opened.fileKey) continue;
        assert.ok(
          secret.every((byte) => byte === 0),
          `${operation} is left behind`,
        );
      }
    }
  });
}

test('a file key that does not fit the MAC is zeroed before the refusal', async () => {
  const { recipient, identity, mine } = pairs[1]!;
  const header = await sealHeader(nobleEngine, {
    fileKey: patternBytes(16),
    recipients: [recipient],
    wrappedBefore: [],
  });
  // Another character of base64, within the MAC.
  header[header.length - 10] = header[header.length - 10] === 0x41 ? 0x42 : 0x41;
  const { engine, secrets } = watch([mine]);
  await assert.rejects(openHeader(engine, { header, identities: [identity] }), { code: 'header_mac_wrong' });
  assert.ok([...secrets.values()].includes('secret of an HKDF'));
  for (const [secret, operation] of secrets)
    assert.ok(
      secret.every((byte) => byte === 0),
      `${operation} is left behind`,
    );
});
