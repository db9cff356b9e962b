import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decrypter, generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { formatIdentity, generateIdentity } from '../age/identity.ts';
import { parseIdentityFile } from '../age/identity-file.ts';
import { inspect } from '../age/inspect.ts';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { kitKeys } from './kit-keys.ts';
import { makeKit } from './kit-words.ts';
import { sealRescue } from './rescue.ts';

const address = 'alice@example.org';
const identity = (): string => formatIdentity(generateIdentity(nodeEngine));
const kit = await kitKeys(nodeEngine, makeKit(nodeEngine).entropy);
const recipient = kit.rescueRecipient;

async function openElsewhere(file: Uint8Array, secret: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(secret);
  return decrypter.decrypt(file, 'text');
}

test('another implementation of age opens it with the kit and finds the identities, newest first', async () => {
  const versions = [5, 3, 0].map((version) => ({ version, identity: identity() }));
  const file = await sealRescue(nodeEngine, { recipient, address, versions });
  const text = await openElsewhere(file, kit.rescueIdentity);
  assert.equal(
    text.slice(text.indexOf('\n') + 1),
    versions.map((one) => `# address: ${address}\n# version: ${one.version}\n${one.identity}\n`).join(''),
  );
  assert.match(text, /^# [^\n]*\n# address/);
  const read = parseIdentityFile(new TextEncoder().encode(text)).map(formatIdentity);
  assert.deepEqual(
    read,
    versions.map((one) => one.identity),
  );
  const stranger = await generateHybridIdentity();
  await assert.rejects(() => openElsewhere(file, stranger));
  assert.deepEqual(await sealedTo(file), ['mlkem768x25519']);
});

test('two files of one content are different files', async () => {
  const versions = [{ version: 0, identity: identity() }];
  const [one, other] = await Promise.all(
    [1, 2].map(async () => sealRescue(nodeEngine, { recipient, address, versions })),
  );
  assert.notDeepEqual(one, other);
});

test('a wrong order, a wrong address, a recipient below the floor and broken identities are refused', async () => {
  const good = { version: 1, identity: identity() };
  const invalid = { code: 'argument_invalid' };
  const classical = await identityToRecipient(await generateX25519Identity());
  const refused: readonly (readonly [object, object])[] = [
    [{ versions: [] }, invalid],
    [{ versions: [good, good] }, invalid],
    [{ versions: [{ ...good, version: 0 }, good] }, invalid],
    [{ versions: [{ ...good, version: -1 }] }, invalid],
    [{ versions: [{ ...good, version: 0.5 }] }, invalid],
    [{ address: `${address}\n` }, invalid],
    [{ recipient: classical }, invalid],
    [{ recipient: 'age1pq1' }, { code: 'recipient_malformed' }],
    [{ versions: [{ ...good, identity: `${good.identity}\n` }] }, { code: 'identity_malformed' }],
  ];
  for (const [change, error] of refused) {
    await assert.rejects(() => sealRescue(nodeEngine, { recipient, address, versions: [good], ...change }), error);
  }
});

async function sealedTo(file: Uint8Array<ArrayBuffer>): Promise<readonly string[]> {
  return (await inspect({ source: new Blob([file]).stream() })).recipients.map(({ name }) => name);
}
