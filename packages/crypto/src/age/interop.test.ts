/** The same files in other programs: typage (`age-encryption`) and Debian's `age`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as typage from 'age-encryption';
import { collect, cutInto, patternBytes, streamOf } from '../../test/streams.ts';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { nobleEngine } from '../engine/noble-engine.ts';
import { asciiBytes, textOfBytes } from './bytes.ts';
import { formatIdentityFile, parseIdentityFile } from './identity-file.ts';
import { type Identity, formatIdentity, generateIdentity, recipientOf } from './identity.ts';
import type { RecipientKind } from './kinds.ts';
import { open } from './open.ts';
import { type Recipient, formatRecipient } from './recipient.ts';
import { seal } from './seal.ts';

const SIZES = [0, 1, 65_536, 65_537, 200_000];
const PASSPHRASE = 'correct horse battery';
const WORK = 10;

interface Party {
  readonly kind: RecipientKind;
  readonly recipient: Recipient;
  readonly identity: Identity;
  readonly encrypter: typage.Encrypter;
  readonly decrypter: typage.Decrypter;
}

async function partyOf(kind: RecipientKind): Promise<Party> {
  const encrypter = new typage.Encrypter();
  const decrypter = new typage.Decrypter();
  if (kind === 'scrypt') {
    const passphrase = asciiBytes(PASSPHRASE);
    encrypter.setPassphrase(PASSPHRASE);
    encrypter.setScryptWorkFactor(WORK);
    decrypter.addPassphrase(PASSPHRASE);
    return { kind, recipient: { kind, passphrase, logN: WORK }, identity: { kind, passphrase }, encrypter, decrypter };
  }
  const identity = generateIdentity(nodeEngine, kind);
  const recipient = await recipientOf(nodeEngine, identity);
  encrypter.addRecipient(formatRecipient(recipient));
  decrypter.addIdentity(formatIdentity(identity));
  return { kind, recipient, identity, encrypter, decrypter };
}

for (const kind of ['mlkem768x25519', 'X25519', 'scrypt'] as const) {
  for (const engine of [nodeEngine, nobleEngine]) {
    test(`${kind}: typage opens what we seal with ${engine.name}, and we open what it seals`, async () => {
      const { recipient, identity, encrypter, decrypter } = await partyOf(kind);
      for (const size of SIZES) {
        const plaintext = patternBytes(size);
        const ours = await collect(
          await seal(engine, { recipients: [recipient], plaintext: cutInto(plaintext, 9999) }),
        );
        assert.deepEqual(await decrypter.decrypt(ours), plaintext);
        const theirs = await encrypter.encrypt(plaintext);
        const opened = await open(engine, { source: cutInto(theirs, 9999), identities: [identity] });
        assert.deepEqual(await collect(opened!.plaintext), plaintext);
      }
    });
  }
}

test('typage reads our armor and we read its', async () => {
  const { recipient, identity, encrypter, decrypter } = await partyOf('mlkem768x25519');
  const plaintext = patternBytes(1000);
  const ours = await collect(
    await seal(nodeEngine, { recipients: [recipient], plaintext: streamOf(plaintext), armored: true }),
  );
  assert.deepEqual(await decrypter.decrypt(typage.armor.decode(textOfBytes(ours))), plaintext);
  const theirs = asciiBytes(typage.armor.encode(await encrypter.encrypt(plaintext)));
  const opened = await open(nodeEngine, { source: streamOf(theirs), identities: [identity] });
  assert.deepEqual(await collect(opened!.plaintext), plaintext);
});

const folder = mkdtempSync(join(tmpdir(), 'latchkey-age-'));
const file = (name: string) => join(folder, name);
const age = (...args: readonly string[]) => spawnSync('age', args, { encoding: 'buffer' });
const ageIsMissing = age('--version').error !== undefined;
const skip = ageIsMissing ? 'age is not installed' : false;
after(() => rmSync(folder, { recursive: true }));

/** Debian's age 1.1.1 opens X25519 only. */
const x25519 = generateIdentity(nodeEngine, 'X25519');

before(async () => {
  writeFileSync(file('identity'), await formatIdentityFile(nodeEngine, x25519, '2026-11-23T10:00:00Z'));
});

for (const armored of [false, true]) {
  test(`age opens what we seal to X25519${armored ? ', armored' : ''}`, { skip }, async () => {
    for (const size of SIZES) {
      const plaintext = patternBytes(size);
      const recipients = [
        await recipientOf(nodeEngine, generateIdentity(nodeEngine, 'X25519')),
        await recipientOf(nodeEngine, x25519),
      ];
      writeFileSync(
        file('ours'),
        await collect(await seal(nodeEngine, { recipients, plaintext: streamOf(plaintext), armored })),
      );
      const { status, stdout, stderr } = age('-d', '-i', file('identity'), file('ours'));
      assert.equal(status, 0, stderr.toString());
      assert.deepEqual(new Uint8Array(stdout), plaintext);
    }
  });

  test(`we open what age seals to X25519${armored ? ', armored' : ''}`, { skip }, async () => {
    const recipient = formatRecipient(await recipientOf(nodeEngine, x25519));
    for (const size of SIZES) {
      writeFileSync(file('plaintext'), patternBytes(size));
      const { status, stderr } = age(
        ...(armored ? ['-a'] : []),
        '-r',
        recipient,
        '-o',
        file('theirs'),
        file('plaintext'),
      );
      assert.equal(status, 0, stderr.toString());
      const source = cutInto(readFileSync(file('theirs')), 4096);
      const opened = await open(nodeEngine, { source, identities: [x25519] });
      assert.ok(opened);
      assert.equal(opened.armored, armored);
      assert.deepEqual(await collect(opened.plaintext), patternBytes(size));
      rmSync(file('theirs'));
    }
  });
}

test('we read an identity file of age-keygen', { skip }, async () => {
  const { status } = spawnSync('age-keygen', ['-o', file('keygen')]);
  assert.equal(status, 0);
  const text = readFileSync(file('keygen'), 'utf8');
  const [identity] = parseIdentityFile(readFileSync(file('keygen')));
  assert.ok(identity);
  assert.equal(text.match(/public key: (\S+)/)?.[1], formatRecipient(await recipientOf(nodeEngine, identity)));
});

/** age asks for a passphrase on a terminal only: `script` gives it one. */
const ageOnTerminal = (typed: string, command: string) =>
  spawnSync('script', ['-qec', command, '/dev/null'], { input: typed, encoding: 'utf8', timeout: 60_000 });
const scriptIsMissing = spawnSync('script', ['--version']).error !== undefined;
const skipTerminal = scriptIsMissing ? 'script (bsdutils) is not installed' : skip;

test('age opens what we seal to a passphrase', { skip: skipTerminal }, async () => {
  const recipient = { kind: 'scrypt', passphrase: asciiBytes(PASSPHRASE), logN: WORK } as const;
  const plaintext = patternBytes(70_000);
  const ours = await seal(nodeEngine, { recipients: [recipient], plaintext: streamOf(plaintext) });
  writeFileSync(file('passphrase.age'), await collect(ours));
  const command = `age -d -o ${file('passphrase.out')} ${file('passphrase.age')}`;
  const { status, stdout } = ageOnTerminal(`${PASSPHRASE}\n`, command);
  assert.equal(status, 0, stdout);
  assert.deepEqual(new Uint8Array(readFileSync(file('passphrase.out'))), plaintext);
});

test('we open what age seals to a passphrase', { skip: skipTerminal }, async () => {
  const plaintext = patternBytes(70_000);
  writeFileSync(file('passphrase.plain'), plaintext);
  const command = `age -p -o ${file('passphrase.theirs')} ${file('passphrase.plain')}`;
  const { status, stdout } = ageOnTerminal(`${PASSPHRASE}\n${PASSPHRASE}\n`, command);
  assert.equal(status, 0, stdout);
  const identities = [{ kind: 'scrypt', passphrase: asciiBytes(PASSPHRASE) } as const];
  const opened = await open(nodeEngine, { source: streamOf(readFileSync(file('passphrase.theirs'))), identities });
  assert.deepEqual(await collect(opened!.plaintext), plaintext);
});
