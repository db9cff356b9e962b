/** No key and nonce of the AEAD seal two texts, over everything that one message seals. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { chunkCipher, type Engine } from '@latchkey/crypto';
import { attachmentPayload, measureAttachment, sealArrivals, sealMessage, sealOwnCopy } from '../src/message/index.ts';
import type { OwnKeys } from '../src/signing/types.ts';
import { bytesOf, host, person } from './message-people.ts';

let alice: OwnKeys;
let bob: OwnKeys;
let carol: OwnKeys;

before(async () => {
  alice = await person('alice@example.org');
  bob = await person('bob@example.org');
  carol = await person('carol@example.org');
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Remembers what was sealed under which key and nonce. */
function recording(inner: Engine): { engine: Engine; sealings: () => number; reuses: () => number } {
  const sealed = new Map<string, string>();
  let [sealings, reuses] = [0, 0];
  const aeadSeal: Engine['aeadSeal'] = (input) => {
    const under = `${hex(input.key)} ${hex(input.nonce)}`;
    const what = `${hex(input.bytes)} ${hex(input.ad ?? new Uint8Array(0))}`;
    sealings += 1;
    if ((sealed.get(under) ?? what) !== what) reuses += 1;
    sealed.set(under, what);
    return inner.aeadSeal(input);
  };
  return { engine: { ...inner, aeadSeal }, sealings: () => sealings, reuses: () => reuses };
}

test('sealing twice, to several, with retries and own copies', async () => {
  const { engine, sealings, reuses } = recording(host.engine);
  const watched = { engine, chunks: chunkCipher(engine) };
  const content = new Uint8Array(70_000).fill(5);
  const read = async function* (): AsyncGenerator<Uint8Array> {
    yield content;
  };
  const file = { sender: alice.newest, name: 'a', type: 'text/plain', sizeBytes: content.length, read };
  const recipients = [bob, carol].map(({ newest }) => ({ identity: newest.identity, counter: 1, previous: null }));
  for (let round = 0; round < 2; round += 1) {
    const entry = await measureAttachment(watched, file);
    // The second pass and a retry give the same bytes, and so no second text.
    for (let pass = 0; pass < 2; pass += 1) await bytesOf(attachmentPayload(watched, entry, read));
    const sealed = await sealMessage(watched, {
      sender: alice.newest,
      to: [bob.newest.identity],
      cc: [],
      bcc: [carol.newest.identity],
      subject: 'the same',
      text: 'the same',
      dateSeconds: 1_795_428_000,
      inReplyTo: null,
      attachments: [entry],
    });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await bytesOf(sealed.message.payload());
      if (sealed.keyList !== null) await bytesOf(sealed.keyList.payload());
      for await (const arrival of sealArrivals(watched, sealed, recipients))
        assert.equal(arrival.delivery.length, 1040);
    }
    const copied = await measureAttachment(watched, { ...file, stated: entry });
    const copy = await sealOwnCopy(watched, sealed, { own: alice.newest, attachments: [copied] });
    await bytesOf(copy.message.file());
  }
  assert.ok(sealings() > 40);
  assert.equal(reuses(), 0);
});

test('the watch notices a reuse', async () => {
  const { engine, reuses } = recording(host.engine);
  const [key, nonce] = [new Uint8Array(32), new Uint8Array(12)];
  await engine.aeadSeal({ key, nonce, bytes: Uint8Array.of(1) });
  await engine.aeadSeal({ key, nonce, bytes: Uint8Array.of(2) });
  assert.equal(reuses(), 1);
});
