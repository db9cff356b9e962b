import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeChunkCipher } from '@latchkey/crypto/engine-node';
import type { CanonicalAddress } from '@latchkey/protocol';
import { bytesOf, host, person, readerOf } from '../../test/message-people.ts';
import { measureAttachment, openKeyList, openMessage, sealArrivals, sealMessage, type MessageHost } from './index.ts';
import type { SealedArrival } from './seal-arrivals.ts';
import { senderViewOf, type SenderView } from './sender-view.ts';

const people = await Promise.all(['alice', 'bob', 'carol', 'dave'].map((name) => person(`${name}@example.org`)));
const [alice = assert.fail(), ...readers] = people;

for (const attached of [false, true]) {
  test(`where a host encapsulates ahead, everybody gets the own headers${attached ? ', of a key list too' : ''}`, async () => {
    const chunks = nodeChunkCipher({ threads: 2, threadsFromKeys: 1 });
    let begun = 0;
    let closed = 0;
    const threaded: MessageHost = {
      engine: host.engine,
      chunks,
      encapsulateAhead(keys) {
        const ahead = chunks.encapsulateAhead(host.engine, keys);
        begun += keys.length;
        return ahead && { ...ahead, close: () => ((closed += 1), ahead.close()) };
      },
    };
    const read = async function* (): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(1, 2, 3);
    };
    const request = { sender: alice.newest, name: 'a', type: 'text/plain', sizeBytes: 3, read };
    const attachments = attached ? [await measureAttachment(host, request)] : [];
    const sealed = await sealMessage(threaded, {
      sender: alice.newest,
      to: readers.map(({ newest }) => newest.identity),
      cc: [],
      bcc: [],
      subject: 'To all of you',
      text: 'Hello.',
      dateSeconds: 1_795_428_000,
      inReplyTo: null,
      attachments,
    });
    const lines = readers.map(({ newest }) => ({ identity: newest.identity, counter: 1, previous: null }));
    const arrivals: SealedArrival[] = [];
    for await (const arrival of sealArrivals(threaded, sealed, lines)) arrivals.push(arrival);
    assert.deepEqual([begun, closed], [attached ? 6 : 3, 1]);
    const payload = await bytesOf(sealed.message.payload());
    for (const [place, own] of readers.entries()) {
      const { message: header, keyList, delivery } = arrivals[place] ?? assert.fail();
      const source = { header, delivery, payload: readerOf(payload) };
      const { identity } = alice.newest;
      const lookUp = async (address: CanonicalAddress): Promise<SenderView> =>
        senderViewOf({ outcome: 'known', address, identity, versions: [identity], trust: 'pinned', takes: 'mail' });
      const opened = await openMessage(host, source, { own, lookUp, arrivalHour: null });
      assert.deepEqual([opened?.mime, opened?.verdict.addressed], [sealed.written.mime, 'to']);
      assert.equal(keyList !== null, attached);
      if (keyList === null || sealed.keyList === null) continue;
      const list = { header: keyList, payload: readerOf(await bytesOf(sealed.keyList.payload())) };
      const context = { own, statement: sealed.statement, sender: alice.newest.identity };
      assert.deepEqual(await openKeyList(host, list, context), attachments);
    }
    // Left in the middle: nothing goes on.
    for await (const _first of sealArrivals(threaded, sealed, lines)) break;
    assert.equal(closed, 2);
    await chunks.close();
  });
}
