// typage as a program: `typage.ts seal RECIPIENT IN OUT`, `typage.ts open IDENTITY IN OUT`. Streams, file to file.
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { Decrypter, Encrypter } from 'age-encryption';

const [verb = '', key = '', from = '', to = ''] = process.argv.slice(2);
const source = Readable.toWeb(createReadStream(from, { highWaterMark: 1 << 20 })) as ReadableStream<Uint8Array>;
const sink = Writable.toWeb(createWriteStream(to)) as WritableStream<Uint8Array>;
if (verb === 'seal') {
  const encrypter = new Encrypter();
  encrypter.addRecipient(key);
  await (await encrypter.encrypt(source)).pipeTo(sink);
} else {
  const decrypter = new Decrypter();
  decrypter.addIdentity(key);
  await (await decrypter.decrypt(source)).pipeTo(sink);
}
