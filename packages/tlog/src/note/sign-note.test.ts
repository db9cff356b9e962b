import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ed25519Key, mldsa44Key } from '../../test/platform-key.ts';
import { signNote, type NoteSigner } from './sign-note.ts';
import { verifyNote } from './verify-note.ts';

const ed25519 = ed25519Key('example.org/one');
const mldsa44 = mldsa44Key('example.org/one');

test('lines come after those that are there, in the order of the signers', async () => {
  const first = await signNote({ text: 'a\n', signatures: [] }, [mldsa44]);
  const both = await signNote(first, [ed25519]);
  assert.deepEqual(
    both.signatures.map(({ keyId }) => keyId),
    [mldsa44.key.keyId, ed25519.key.keyId],
  );
  assert.equal(first.signatures.length, 1);
  assert.ok((await verifyNote(both, [ed25519, mldsa44], 'all')).verified);
});

test('a text that no note can carry reaches no key', async () => {
  let asked = false;
  const signer: NoteSigner = {
    key: ed25519.key,
    sign: () => {
      asked = true;
      return new Uint8Array(64);
    },
  };
  for (const text of ['', 'a', 'a\r\n', 'a\0\n', 'a\u001f\n', '\ud800\n']) {
    await assert.rejects(signNote({ text, signatures: [] }, [signer]), { code: 'argument_invalid' });
  }
  assert.equal(asked, false);
});

test('a key signs a note once', async () => {
  const once = await signNote({ text: 'a\n', signatures: [] }, [ed25519]);
  await assert.rejects(signNote(once, [ed25519]), { code: 'argument_invalid' });
  await assert.rejects(signNote({ text: 'a\n', signatures: [] }, [ed25519, ed25519]), { code: 'argument_invalid' });
});

test('lines of other keys with the same name or the same key id are no obstacle', async () => {
  const { name, keyId } = ed25519.key;
  const signature = Uint8Array.of(1);
  const others = [
    { keyName: name, keyId: keyId ^ 1, signature },
    { keyName: 'example.org/two', keyId, signature },
  ];
  const note = await signNote({ text: 'a\n', signatures: others }, [ed25519]);
  assert.equal(note.signatures.length, 3);
});

test('a signature of another size than its type is refused', async () => {
  for (const sizeBytes of [63, 65]) {
    const signer: NoteSigner = { key: ed25519.key, sign: () => new Uint8Array(sizeBytes) };
    await assert.rejects(signNote({ text: 'a\n', signatures: [] }, [signer]), { code: 'argument_invalid' });
  }
});

test('a signer that is an object with state keeps its this', async () => {
  class Fixed implements NoteSigner {
    readonly key = ed25519.key;
    readonly #signature = new Uint8Array(64).fill(7);
    sign(): Promise<Uint8Array> {
      return Promise.resolve(this.#signature);
    }
  }
  const note = await signNote({ text: 'a\n', signatures: [] }, [new Fixed()]);
  assert.deepEqual(note.signatures[0]?.signature, new Uint8Array(64).fill(7));
});
