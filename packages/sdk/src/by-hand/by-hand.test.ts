import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  chunkCipher,
  formatIdentity,
  formatRecipient,
  generateIdentity,
  recipientOf as ofIdentity,
} from '@latchkey/crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import {
  type ByHandHost,
  type ByteSink,
  type ByteSource,
  inspectItem,
  makeIdentity,
  openByHand,
  type OpenOutcome,
  type OpenRequest,
  parseIdentityFile,
  recipientOf,
  sealByHand,
  type SealRequest,
} from './index.ts';

const host: ByHandHost = { engine: nodeEngine, chunks: chunkCipher(nodeEngine) };
const mine = await makeIdentity(host);
const other = await makeIdentity(host);
const classic = generateIdentity(nodeEngine, 'X25519');
const classicRecipient = formatRecipient(await ofIdentity(nodeEngine, classic));

class MemorySink implements ByteSink {
  readonly written: Uint8Array[] = [];
  state: 'open' | 'committed' | 'discarded' = 'open';
  readonly #failAfterBytes: number;

  constructor(failAfterBytes = Infinity) {
    this.#failAfterBytes = failAfterBytes;
  }

  write(bytes: Uint8Array): Promise<void> {
    // The caller may use its memory again: only a copy is ours.
    this.written.push(bytes.slice());
    return this.bytes.length > this.#failAfterBytes ? Promise.reject(new Error('full')) : Promise.resolve();
  }

  commit(): Promise<void> {
    assert.equal(this.state, 'open');
    this.state = 'committed';
    return Promise.resolve();
  }

  discard(): Promise<void> {
    if (this.state === 'open') this.state = 'discarded';
    return Promise.resolve();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.written);
  }
}

/** A pipe that gives its bytes in pieces, and uses one buffer for all of them as a source may. */
function pipe(bytes: Uint8Array, pieceBytes = 50_000): ByteSource {
  return {
    sizeBytes: null,
    async *stream(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
      const buffer = new Uint8Array(pieceBytes);
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const piece = buffer.subarray(0, Math.min(pieceBytes, bytes.length - at));
        piece.set(bytes.subarray(at, at + piece.length));
        yield piece;
      }
    },
  };
}

async function seal(text: Uint8Array, request: Partial<SealRequest> = {}): Promise<Buffer> {
  const sink = new MemorySink();
  const recipients = request.passphrase === undefined ? [mine.recipient] : [];
  const sealed = await sealByHand(host, { source: pipe(text), sink, recipients, ...request });
  assert.equal(sink.state, 'committed');
  assert.equal(sealed.sealedBytes, sink.bytes.length);
  assert.equal(sealed.plaintextBytes, text.length);
  return sink.bytes;
}

async function open(sealed: Uint8Array, request: Partial<OpenRequest> = {}): Promise<[OpenOutcome, MemorySink]> {
  const sink = new MemorySink();
  const outcome = await openByHand(host, { source: pipe(sealed), sink, identities: [mine.identity], ...request });
  return [outcome, sink];
}

const text = Buffer.from('A letter that is sealed by hand. '.repeat(6000));

describe('sealing and opening', () => {
  it('gives back any bytes, armored or not, in pieces of any size', async () => {
    for (const size of [0, 1, 65_535, 65_536, 65_537, 150_000])
      for (const armor of [false, true])
        for (const pieceBytes of [97, 65_536, 200_000]) {
          const plain = text.subarray(0, size);
          const sealed = await seal(plain, { armor, source: pipe(plain, pieceBytes) });
          const [outcome, sink] = await open(sealed, { source: pipe(sealed, pieceBytes) });
          assert.deepEqual(outcome, { outcome: 'opened', plaintextBytes: plain.length, armored: armor });
          assert.ok(sink.bytes.equals(plain));
          assert.equal(sink.state, 'committed');
        }
  });

  it('says "not for me" as an outcome, and discards', async () => {
    const [outcome, sink] = await open(await seal(text), { identities: [other.identity] });
    assert.deepEqual(outcome, { outcome: 'not_for_me', readers: ['mlkem768x25519'] });
    assert.deepEqual([sink.state, sink.written.length], ['discarded', 0]);
  });

  it('opens with any of several identities', async () => {
    const sealed = await seal(text, { recipients: [other.recipient, mine.recipient] });
    for (const identities of [[mine.identity], [other.identity], [formatIdentity(classic), mine.identity]])
      assert.equal((await open(sealed, { identities }))[0].outcome, 'opened');
  });

  it('takes classical recipients, never beside hybrid ones', async () => {
    const sealed = await seal(text, { recipients: [classicRecipient] });
    assert.equal((await open(sealed, { identities: [formatIdentity(classic)] }))[0].outcome, 'opened');
    const sink = new MemorySink();
    const recipients = [classicRecipient, mine.recipient];
    await assert.rejects(sealByHand(host, { source: pipe(text), sink, recipients }), {
      code: 'recipients_below_floor',
    });
    assert.deepEqual([sink.state, sink.written.length], ['discarded', 0]);
  });

  it('refuses a seal for nobody, and a passphrase beside recipients', async () => {
    const request = { source: pipe(text), sink: new MemorySink() };
    await assert.rejects(sealByHand(host, request), { code: 'recipients_missing' });
    const both = { ...request, recipients: [mine.recipient], passphrase: 'word' };
    await assert.rejects(sealByHand(host, both), { code: 'recipients_mixed' });
    assert.equal(request.sink.state, 'discarded');
  });

  it('leaves no committed file where the payload is cut at any chunk', async () => {
    const sealed = await seal(text);
    for (const cut of [1, 17, 65_552, sealed.length - 1800]) {
      const sink = new MemorySink();
      const source = pipe(sealed.subarray(0, sealed.length - cut));
      await assert.rejects(openByHand(host, { source, sink, identities: [mine.identity] }), { name: 'CryptoError' });
      assert.equal(sink.state, 'discarded');
    }
  });

  it('discards where the sink fails', async () => {
    const sink = new MemorySink(70_000);
    await assert.rejects(sealByHand(host, { source: pipe(text), sink, recipients: [mine.recipient] }), /full/);
    assert.equal(sink.state, 'discarded');
  });

  it('reports progress, and stops when told to', async () => {
    const seen: number[] = [];
    const signal = { aborted: false };
    const sink = new MemorySink();
    const onProgress = ({ doneBytes }: { doneBytes: number }): void => {
      seen.push(doneBytes);
      signal.aborted = seen.length === 2;
    };
    const request = { source: pipe(text), sink, recipients: [mine.recipient], signal, onProgress };
    await assert.rejects(sealByHand(host, request), { code: 'stopped' });
    assert.deepEqual([seen, sink.state], [[50_000, 100_000], 'discarded']);
  });
});

describe('a passphrase', () => {
  it('opens, wrong is told from missing, and it is asked for only where it helps', async () => {
    const sealed = await seal(text.subarray(0, 10), { passphrase: 'Straße 1' });
    const asked: string[] = [];
    const say = (word: string | null) => () => {
      asked.push(String(word));
      return Promise.resolve(word);
    };
    assert.equal((await open(sealed, { passphrase: say('Straße 1') }))[0].outcome, 'opened');
    await assert.rejects(open(sealed, { passphrase: say('Strasse 1') }), { code: 'passphrase_wrong' });
    const missing = { outcome: 'not_for_me', readers: ['scrypt'] };
    assert.deepEqual((await open(sealed, { passphrase: say(null) }))[0], missing);
    assert.deepEqual((await open(sealed))[0], missing);
    await open(await seal(text), { passphrase: say('never') });
    assert.deepEqual(asked, ['Straße 1', 'Strasse 1', 'null']);
  });
});

describe('identities and facts', () => {
  it('reads what age-keygen writes, and names the line that is wrong', () => {
    const file = `# created: now\r\n# öffentlich\n\n${mine.identity}\n${other.identity}\n`;
    assert.deepEqual(parseIdentityFile(file), [mine.identity, other.identity]);
    for (const wrong of ['', '# nothing\n', `${mine.identity}\nage1other\n`])
      assert.throws(() => parseIdentityFile(wrong), { code: 'identity_malformed' });
  });

  it('gives the recipient of an identity', async () => {
    assert.equal(await recipientOf(host, mine.identity), mine.recipient);
    assert.equal(await recipientOf(host, formatIdentity(classic)), classicRecipient);
  });

  it('tells the same facts of a pipe, a file and armor', async () => {
    const binary = await seal(text, { recipients: [mine.recipient, other.recipient] });
    const facts = await inspectItem(pipe(binary));
    assert.deepEqual(await inspectItem({ ...pipe(binary), sizeBytes: binary.length }), facts);
    assert.deepEqual(facts.readers, ['mlkem768x25519', 'mlkem768x25519']);
    assert.deepEqual([facts.plaintextBytes, facts.itemBytes, facts.chunks], [text.length, binary.length, 4]);
    const armored = await inspectItem(pipe(await seal(text, { armor: true })));
    assert.deepEqual([armored.armored, armored.plaintextBytes], [true, text.length]);
  });
});
