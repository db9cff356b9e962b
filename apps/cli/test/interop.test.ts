import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { outsideProgram } from '@latchkey/testkit';
import * as age from 'age-encryption';
import { makeKey, sandbox } from './sandbox.ts';

const noAge = outsideProgram('age') === null ? 'age is not installed' : false;

describe("Debian's age, X25519", { skip: noAge }, () => {
  it('opens what we seal, and we open what it seals, armored or not', (t) => {
    const box = sandbox(t);
    box.write('plain', randomBytes(200_000));
    const made = box.sh(
      'age-keygen -o classical.key 2> /dev/null && age-keygen -y classical.key > classical.recipient',
    );
    assert.equal(made.status, 0, made.err);
    for (const armor of ['', '-a']) {
      for (const line of [
        `latchkey seal ${armor} -R classical.recipient plain | age -d -i classical.key | cmp - plain`,
        `age ${armor} -R classical.recipient plain | latchkey open -i classical.key | cmp - plain`,
      ]) {
        const ran = box.sh(line);
        assert.equal(ran.status, 0, `${line}: ${ran.err}`);
      }
    }
  });

  it('is warned about: such a file is not post-quantum', (t) => {
    const box = sandbox(t);
    box.write('plain', 'text');
    box.sh('age-keygen -o classical.key; age-keygen -y classical.key > classical.recipient');
    const sealed = box.run(['seal', '-q', '-R', 'classical.recipient', '-o', 'sealed', 'plain']);
    assert.equal(sealed.status, 0);
    assert.match(sealed.err, /^latchkey: Warning: Not post-quantum: .*\[not_post_quantum\]\n$/);
    const told = box.run(['seal', '--json', '-R', 'classical.recipient', '-fo', 'sealed', 'plain']);
    const { postQuantum, warnings } = JSON.parse(told.out) as { postQuantum: boolean; warnings: { code: string }[] };
    assert.deepEqual([postQuantum, warnings.map(({ code }) => code)], [false, ['not_post_quantum']]);
    assert.match(box.run(['inspect', 'sealed']).out, /1 X25519, not post-quantum/);
  });

  it('reads our recipients from our identity file comment as it does its own', (t) => {
    const box = sandbox(t);
    box.sh('age-keygen -o classical.key; age-keygen -y classical.key > classical.recipient');
    assert.equal(box.run(['keygen', '-y', 'classical.key']).out, box.text('classical.recipient'));
  });
});

describe('age-encryption (typage)', () => {
  it('opens what we seal to a hybrid recipient, and we open what it seals', async (t) => {
    const box = sandbox(t);
    const recipient = makeKey(box);
    const plain = randomBytes(200_000);
    box.write('plain', plain);
    box.sh('latchkey seal -R my.recipient -o ours plain; latchkey seal -a -R my.recipient -o ours.asc plain');
    const identity = /^AGE-SECRET-KEY-PQ-1\S+$/m.exec(box.text('my.key'))?.[0] ?? '';
    const decrypter = new age.Decrypter();
    decrypter.addIdentity(identity);
    assert.ok(plain.equals(await decrypter.decrypt(box.read('ours'))));
    assert.ok(plain.equals(await decrypter.decrypt(age.armor.decode(box.text('ours.asc')))));

    const encrypter = new age.Encrypter();
    encrypter.addRecipient(recipient);
    const theirs = await encrypter.encrypt(plain);
    box.write('theirs', theirs);
    box.write('theirs.asc', age.armor.encode(theirs));
    for (const name of ['theirs', 'theirs.asc'])
      assert.ok(plain.equals(box.run(['open', '-i', 'my.key', name]).stdout), name);
  });

  it('and we agree on passphrases, also beyond ASCII', async (t) => {
    const box = sandbox(t);
    const passphrase = 'Über die Brücke, 世界';
    box.write('pass', `${passphrase}\n`);
    box.write('plain', 'text');
    box.sh('latchkey seal --passphrase-file pass -o ours plain');
    const decrypter = new age.Decrypter();
    decrypter.addPassphrase(passphrase);
    assert.equal(await decrypter.decrypt(box.read('ours'), 'text'), 'text');
    const encrypter = new age.Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(12);
    box.write('theirs', await encrypter.encrypt('text'));
    assert.equal(box.run(['open', '--passphrase-file', 'pass', 'theirs']).out, 'text');
  });

  it('makes identities that we take', async (t) => {
    const box = sandbox(t);
    const identity = await age.generateHybridIdentity();
    box.write('their.key', `# a comment\n${identity}\n`);
    assert.equal(box.run(['keygen', '-y', 'their.key']).out.trim(), await age.identityToRecipient(identity));
  });
});
