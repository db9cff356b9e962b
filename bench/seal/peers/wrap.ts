// Wraps one file key to many recipients and prints the milliseconds: `wrap.ts latchkey|typage|openpgp COUNT`.
// Making and reading the keys is not counted.
import { encryptSessionKey, generateKey, type PublicKey, readKey } from 'openpgp';
import { Encrypter } from 'age-encryption';
import { formatRecipient, generateIdentity, parseRecipient, recipientOf, sealHeader } from '@latchkey/crypto';
import { nodeEngine, testedEngine } from '@latchkey/crypto/engine-node';

const [library = '', countText = ''] = process.argv.slice(2);
const count = Number(countText);
const engine = testedEngine(nodeEngine);

async function hybridRecipients(): Promise<string[]> {
  const recipients: string[] = [];
  for (let i = 0; i < count; i++) recipients.push(formatRecipient(await recipientOf(engine, generateIdentity(engine))));
  return recipients;
}

async function prepare(): Promise<() => Promise<unknown>> {
  switch (library) {
    case 'latchkey': {
      const recipients = (await hybridRecipients()).map((text) => parseRecipient(text));
      return () => sealHeader(engine, { fileKey: engine.randomBytes(16), recipients, wrappedBefore: [] });
    }
    case 'typage': {
      const encrypter = new Encrypter();
      for (const recipient of await hybridRecipients()) encrypter.addRecipient(recipient);
      return () => encrypter.encrypt(new Uint8Array(0));
    }
    case 'openpgp': {
      const encryptionKeys: PublicKey[] = [];
      for (let i = 0; i < count; i++) {
        const { publicKey } = await generateKey({ type: 'curve25519', userIDs: [{ email: `bob${i}@example.org` }] });
        encryptionKeys.push(await readKey({ armoredKey: publicKey }));
      }
      const wrap = (): Promise<unknown> =>
        encryptSessionKey({ data: engine.randomBytes(32), algorithm: 'aes256', encryptionKeys, format: 'binary' });
      // Checking the keys' own signatures is no part of wrapping: the first call does it.
      await wrap();
      return wrap;
    }
    default:
      throw new Error(`no library of that name: ${library}`);
  }
}

const wrap = await prepare();
const start = performance.now();
await wrap();
process.stdout.write(String(performance.now() - start));
