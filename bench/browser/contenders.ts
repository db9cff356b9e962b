/** Whole age files from memory to memory: ours with one or two threads, and typage's own streams. */
import { open, parseIdentity, parseRecipient, seal, type ChunkCipher, type Engine } from '@latchkey/crypto';
import { chunkWorkers, webChunkCipher, webEngine } from '@latchkey/crypto/engine-web';
import { Decrypter, Encrypter } from 'age-encryption';

export interface Keys {
  readonly recipient: string;
  readonly identity: string;
}

export type Pieces = () => AsyncGenerator<Uint8Array<ArrayBuffer>>;
export type Stream = AsyncIterable<Uint8Array>;

export interface Contender {
  readonly seal: (keys: Keys, plaintext: Pieces) => Promise<Stream>;
  readonly open: (keys: Keys, file: Pieces) => Promise<Stream>;
}

export type ContenderName = 'latchkey' | 'latchkey with two workers' | 'typage';

const makers: Readonly<Record<ContenderName, () => Promise<Contender>>> = {
  latchkey: async () => latchkey(await webEngine(), await webChunkCipher()),
  'latchkey with two workers': async () => {
    const start = () => new Worker('/chunk-worker.js', { type: 'module' });
    return latchkey(await webEngine(), chunkWorkers({ start, workers: 2 }));
  },
  typage: async () => typage,
};

const made = new Map<ContenderName, Contender>();

export async function contenderOf(name: ContenderName): Promise<Contender> {
  const contender = made.get(name) ?? (await makers[name]());
  made.set(name, contender);
  return contender;
}

function latchkey(engine: Engine, cipher: ChunkCipher): Contender {
  return {
    seal: ({ recipient }, plaintext) =>
      seal(engine, { recipients: [parseRecipient(recipient)], plaintext: plaintext(), cipher }),
    async open({ identity }, file) {
      const opened = await open(engine, { source: file(), identities: [parseIdentity(identity)], cipher });
      if (opened === null) throw new Error('the file is for somebody else');
      return opened.plaintext;
    },
  };
}

const typage: Contender = {
  seal({ recipient }, plaintext) {
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    return iterable(encrypter.encrypt(streamOf(plaintext)));
  },
  open({ identity }, file) {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return iterable(decrypter.decrypt(streamOf(file)));
  },
};

function streamOf(pieces: Pieces): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = pieces();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** Not every browser iterates over a stream. */
async function iterable(opening: Promise<ReadableStream<Uint8Array>>): Promise<Stream> {
  const reader = (await opening).getReader();
  return (async function* () {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  })();
}

/** The cipher alone, without age around it: what the parts of a contender can give at most. */
export async function cipherAloneMibPerS(
  source: 'webcrypto' | 'libsodium' | 'noble',
  sizeMib: number,
): Promise<number> {
  const cipher = await webChunkCipher({ sources: [source] });
  const payloadKey = crypto.getRandomValues(new Uint8Array(32));
  const run = () => ({ payloadKey, firstChunk: 0, bytes: new Uint8Array(2 ** 20), final: false });
  for (let i = 0; i < 8; i++) await cipher.sealRun(run());
  const startMs = performance.now();
  for (let i = 0; i < sizeMib; i++) await cipher.sealRun(run());
  return (sizeMib * 1000) / (performance.now() - startMs);
}
